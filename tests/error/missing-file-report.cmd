weft report {tmp}/absent.json

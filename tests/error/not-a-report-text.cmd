weft report {tmp}/a.json
file a.json not json

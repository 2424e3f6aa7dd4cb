weft report {tmp}/a.json
file a.json {"schema": "weft/1", "bounds": []}

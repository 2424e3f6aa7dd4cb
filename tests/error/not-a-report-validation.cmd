weft report {tmp}/a.json --validation {tmp}/v.json
file a.json {"schema": "weft/1", "layers": [], "accelerator": {}, "run": {"verb": "estimate", "network": {"name": "n"}, "arch": {"name": "a"}}}
file v.json {"suites": 3}

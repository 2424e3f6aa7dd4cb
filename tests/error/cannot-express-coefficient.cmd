weft convert timeloop {tmp}/p.yaml
file p.yaml problem:\n  shape:\n    name: huge\n    dimensions: [K, P]\n    data-spaces:\n      - {name: Weights, projection: [[[K]]]}\n      - {name: Inputs, projection: [[[2P]]]}\n      - {name: Outputs, projection: [[[444444444444444444444444444444, K]], [[P]]], read-write: True}\n  instance: {K: 4, P: 4}\n

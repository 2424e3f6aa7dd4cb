weft convert timeloop {tmp}/p.yaml
file p.yaml problem:\n  shape:\n    dimensions: [M]\n    data_spaces:\n      - {name: A, projection: [[[M]]]}\n      - {name: Z, projection: [[[M, M]]], read_write: true}\n  instance: {M: 4}\n

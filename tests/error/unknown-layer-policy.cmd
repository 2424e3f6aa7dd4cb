weft estimate --arch eyeriss --network tiny_cnn --bits tests/error/unknown-layer-policy.yaml

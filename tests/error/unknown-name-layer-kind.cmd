weft check tests/error/unknown-name-layer-kind.yaml

weft check tests/error/unknown-layer-input.yaml

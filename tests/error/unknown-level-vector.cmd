weft check tests/error/unknown-level-vector.yaml

weft check tests/error/unknown-name-format.yaml

weft check tests/error/unknown-name-family.yaml

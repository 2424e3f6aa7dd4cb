weft check tests/error/unknown-name-operation.yaml

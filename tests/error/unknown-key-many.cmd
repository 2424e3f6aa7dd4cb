weft check tests/error/unknown-key-many.yaml

weft check tests/error/unknown-name-kind.yaml

weft check tests/error/bad-name-level.yaml

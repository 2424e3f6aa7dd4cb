weft check tests/error/bad-unit-wrong.yaml

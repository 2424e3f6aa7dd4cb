weft check tests/error/bad-unit-case.yaml

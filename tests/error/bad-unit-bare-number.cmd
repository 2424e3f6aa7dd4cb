weft check tests/error/bad-unit-bare-number.yaml

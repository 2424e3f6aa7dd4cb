weft check tests/error/not-integer-fraction.yaml

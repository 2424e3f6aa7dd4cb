weft check tests/error/not-integer-quoted.yaml

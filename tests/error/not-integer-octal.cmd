weft check tests/error/not-integer-octal.yaml

weft check tests/error/bad-skip-operand.yaml

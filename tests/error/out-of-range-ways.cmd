weft check tests/error/out-of-range-ways.yaml

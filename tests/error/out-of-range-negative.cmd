weft check tests/error/out-of-range-negative.yaml

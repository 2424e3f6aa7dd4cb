weft check tests/error/out-of-range-top-k.yaml

weft check tests/error/out-of-range-cache.yaml

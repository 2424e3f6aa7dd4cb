weft check tests/error/out-of-range-energy.yaml

weft check tests/error/out-of-range-channels.yaml

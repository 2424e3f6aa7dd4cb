weft check tests/error/out-of-range-latency.yaml

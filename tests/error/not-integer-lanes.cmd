weft check tests/error/not-integer-lanes.yaml

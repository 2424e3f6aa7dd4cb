weft check tests/error/bad-fanout-negative.yaml

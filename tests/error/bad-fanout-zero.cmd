weft check tests/error/bad-fanout-zero.yaml

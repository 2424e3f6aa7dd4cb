weft check tests/error/absurd-size-fanout.yaml

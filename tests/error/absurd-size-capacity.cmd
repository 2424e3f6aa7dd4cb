weft check tests/error/absurd-size-capacity.yaml

weft check tests/error/not-number-density.yaml

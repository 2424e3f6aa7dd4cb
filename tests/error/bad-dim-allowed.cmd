weft check tests/error/bad-dim-allowed.yaml

weft check tests/error/bad-width-compute.yaml

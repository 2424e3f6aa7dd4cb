weft check tests/error/bad-shape-kernel.yaml

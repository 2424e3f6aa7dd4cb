weft check tests/error/bad-network-space-accuracy.yaml

weft check tests/error/bad-network-space-gene.yaml

weft check tests/error/bad-network-space-row.yaml

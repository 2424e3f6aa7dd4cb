weft check tests/error/bad-network-space-option.yaml

weft check tests/error/bad-network-outputs.yaml

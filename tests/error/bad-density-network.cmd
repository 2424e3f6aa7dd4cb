weft check tests/error/bad-density-network.yaml

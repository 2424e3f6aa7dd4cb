weft check tests/error/bad-network-total.yaml

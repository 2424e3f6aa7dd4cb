weft check tests/error/bad-network-space-channels.yaml

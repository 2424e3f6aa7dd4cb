weft check tests/error/bad-format-packet.yaml

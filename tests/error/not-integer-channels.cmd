weft check tests/error/not-integer-channels.yaml

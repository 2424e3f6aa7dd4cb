weft check tests/error/conflicting-keys-wire.yaml

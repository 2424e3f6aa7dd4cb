weft check tests/error/conflicting-keys-memory.yaml

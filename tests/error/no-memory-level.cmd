weft check tests/error/no-memory-level.yaml

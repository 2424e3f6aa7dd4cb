weft check tests/error/holds-nothing-memory.yaml

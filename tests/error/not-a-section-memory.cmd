weft check tests/error/not-a-section-memory.yaml

weft check tests/error/missing-key-clock.yaml

weft check tests/error/duplicate-key-levels.yaml

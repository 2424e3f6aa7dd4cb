weft check tests/error/duplicate-key-twice.yaml

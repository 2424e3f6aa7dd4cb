weft check tests/error/not-text-name.yaml

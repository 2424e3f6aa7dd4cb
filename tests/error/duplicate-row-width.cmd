weft check tests/error/duplicate-row-width.yaml

weft check tests/error/duplicate-name-option.yaml

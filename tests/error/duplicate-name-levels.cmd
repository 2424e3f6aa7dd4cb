weft check tests/error/duplicate-name-levels.yaml

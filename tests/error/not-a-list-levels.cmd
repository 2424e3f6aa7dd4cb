weft check tests/error/not-a-list-levels.yaml

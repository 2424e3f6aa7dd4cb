weft check tests/error/no-levels-empty.yaml

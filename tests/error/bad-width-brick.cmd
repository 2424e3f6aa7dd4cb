weft check tests/error/bad-width-brick.yaml

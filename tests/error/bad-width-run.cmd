weft check tests/error/bad-width-run.yaml

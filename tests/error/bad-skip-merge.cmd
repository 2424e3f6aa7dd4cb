weft check tests/error/bad-skip-merge.yaml

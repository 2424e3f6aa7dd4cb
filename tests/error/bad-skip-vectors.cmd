weft check tests/error/bad-skip-vectors.yaml

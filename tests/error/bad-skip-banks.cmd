weft check tests/error/bad-skip-banks.yaml

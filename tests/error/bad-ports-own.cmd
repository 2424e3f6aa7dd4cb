weft check tests/error/bad-ports-own.yaml

weft check tests/error/absent.yaml

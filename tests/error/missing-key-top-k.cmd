weft check tests/error/missing-key-top-k.yaml

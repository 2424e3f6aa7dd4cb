weft check tests/error/missing-key-banking.yaml

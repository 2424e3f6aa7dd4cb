weft check tests/error/bad-banking-interleave.yaml

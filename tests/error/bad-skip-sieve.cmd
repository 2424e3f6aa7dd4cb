weft check tests/error/bad-skip-sieve.yaml

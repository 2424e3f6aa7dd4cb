weft check tests/error/missing-key-requests.yaml

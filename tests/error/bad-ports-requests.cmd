weft check tests/error/bad-ports-requests.yaml

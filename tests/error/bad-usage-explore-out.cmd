weft explore tests/error/space.yaml

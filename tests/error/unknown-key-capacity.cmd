weft check tests/error/unknown-key-capacity.yaml

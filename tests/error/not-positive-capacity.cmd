weft check tests/error/not-positive-capacity.yaml

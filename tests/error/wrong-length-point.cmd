weft check tests/error/wrong-length-point.yaml

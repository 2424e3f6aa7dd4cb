weft check tests/error/wrong-length-in.yaml

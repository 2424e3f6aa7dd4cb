weft check tests/error/bad-predictor-format.yaml

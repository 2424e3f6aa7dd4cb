weft check tests/error/bad-predictor-inputs.yaml

weft check tests/error/not-a-file-predictor.yaml

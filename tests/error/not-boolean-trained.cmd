weft check tests/error/not-boolean-trained.yaml

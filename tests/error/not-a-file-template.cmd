weft check tests/error/not-a-file-template.yaml

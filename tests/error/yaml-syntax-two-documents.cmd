weft check tests/error/yaml-syntax-two-documents.yaml

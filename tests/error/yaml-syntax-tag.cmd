weft check tests/error/yaml-syntax-tag.yaml

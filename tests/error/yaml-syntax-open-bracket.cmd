weft check tests/error/yaml-syntax-open-bracket.yaml

weft check tests/error/yaml-syntax-bracket.yaml

weft check tests/error/yaml-anchor-alias.yaml

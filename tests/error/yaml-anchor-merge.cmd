weft check tests/error/yaml-anchor-merge.yaml

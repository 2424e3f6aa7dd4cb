weft check tests/error/missing-source-add.yaml

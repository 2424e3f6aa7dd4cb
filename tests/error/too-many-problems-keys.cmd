weft check tests/error/too-many-problems-keys.yaml

weft check tests/error/bad-dim-commands.yaml

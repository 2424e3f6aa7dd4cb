weft check tests/error/not-positive-commands.yaml

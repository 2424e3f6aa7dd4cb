weft check tests/error/bad-bypass-outermost.yaml

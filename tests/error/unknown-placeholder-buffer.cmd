weft check tests/error/unknown-placeholder-buffer.yaml

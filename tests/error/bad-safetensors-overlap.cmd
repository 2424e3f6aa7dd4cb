weft check tests/error/bad-safetensors-overlap.yaml

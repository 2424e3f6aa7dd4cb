weft check tests/error/duplicate-tensor-memories.yaml

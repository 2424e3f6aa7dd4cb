weft check tests/error/one-tensor-each-memories.yaml

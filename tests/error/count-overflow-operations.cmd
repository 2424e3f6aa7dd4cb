weft estimate --arch gemmini --network tests/error/count-overflow-operations.yaml

weft simulate --arch gemmini --network tests/error/too-large-values.yaml

weft simulate --arch gemmini --no-values --network tests/error/too-large-values.yaml

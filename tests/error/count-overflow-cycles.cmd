weft estimate --arch tests/error/machine.yaml --network tests/error/count-overflow-cycles.yaml

weft estimate --arch tests/error/machine.yaml --network tests/error/net.yaml --mapping tests/error/wrong-problem-size.yaml

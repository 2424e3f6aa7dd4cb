weft estimate --arch tests/error/machine.yaml --network tests/error/net.yaml --mapping tests/error/duplicate-level-buffer.yaml

weft estimate --arch tests/error/absent.yaml --network tests/error/net.yaml

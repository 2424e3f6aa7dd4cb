weft estimate --arch tests/error/no-mapping-small-buffer.yaml --network tests/error/net.yaml --mapping tests/error/map.yaml

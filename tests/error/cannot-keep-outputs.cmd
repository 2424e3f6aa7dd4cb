weft map --arch tests/error/spatial-not-allowed-machine.yaml --network tests/error/net.yaml --constraints tests/error/cannot-keep-outputs.yaml

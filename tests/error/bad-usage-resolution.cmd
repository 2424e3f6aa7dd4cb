weft estimate --arch eyeriss --network tests/error/net.yaml --resolution 64

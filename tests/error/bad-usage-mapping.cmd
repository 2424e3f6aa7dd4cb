weft estimate --arch eyeriss --network alexnet --mapping tests/error/net.yaml

weft estimate --arch eyeriss --network tests/error/net.yaml --layer cnv

weft map --arch tests/error/machine.yaml --network tests/error/net.yaml --constraints tests/error/bounds-exceed-dim-single.yaml

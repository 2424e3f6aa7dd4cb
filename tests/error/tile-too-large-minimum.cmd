weft map --arch tests/error/no-mapping-small-buffer.yaml --network tests/error/net.yaml --constraints tests/error/tile-too-large-minimum.yaml

weft map --arch tests/error/no-mapping-small-buffer.yaml --network tests/error/net.yaml --front
exit 1

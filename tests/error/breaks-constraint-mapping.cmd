weft map --arch tests/error/machine.yaml --network tests/error/net.yaml --layer conv --mapping tests/error/breaks-constraint-mapping.map.yaml --constraints tests/error/breaks-constraint-mapping.yaml

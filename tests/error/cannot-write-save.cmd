weft map --arch tests/error/machine.yaml --network tests/error/net.yaml --save {tmp}/taken
file taken a file, not a folder\n

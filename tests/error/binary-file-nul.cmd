weft check {tmp}/a.yaml
file a.yaml levels: \x00\x01

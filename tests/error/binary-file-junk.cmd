weft check {tmp}/a.yaml
file a.yaml \x7fELF\x02\x01\x00\x00

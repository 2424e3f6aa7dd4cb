weft check {tmp}/a.yaml
file a.yaml

weft check {tmp}/a.yaml
file a.yaml # only a comment\n

weft check {tmp}/a.yaml
sparse a.yaml 17

weft check {tmp}/big.yaml
sparse big.yaml 100

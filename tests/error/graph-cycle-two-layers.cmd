weft check tests/error/graph-cycle-two-layers.yaml

weft check tests/error/count-overflow-macs.yaml

weft check tests/error/unknown-name-dram.yaml

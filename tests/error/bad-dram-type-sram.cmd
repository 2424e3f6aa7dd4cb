weft check tests/error/bad-dram-type-sram.yaml

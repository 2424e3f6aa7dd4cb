weft check tests/error/unsorted-points-sram.yaml

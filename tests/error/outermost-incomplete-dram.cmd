weft check tests/error/outermost-incomplete-dram.yaml

weft compress alexnet --out absent --prune 5:4

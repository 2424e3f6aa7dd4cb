weft compress alexnet --out absent --rank 1.5

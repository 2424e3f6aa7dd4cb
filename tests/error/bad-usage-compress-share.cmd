weft compress alexnet --out absent --share 1

weft compress alexnet --out absent

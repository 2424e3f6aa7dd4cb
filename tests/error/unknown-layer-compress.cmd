weft compress alexnet --out absent --share 16 --layers conv9

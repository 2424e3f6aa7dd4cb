weft compress alexnet --out absent --share 16 --format csv

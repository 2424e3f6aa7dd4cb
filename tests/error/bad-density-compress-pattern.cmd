weft compress alexnet --out absent --prune banded:0.1

weft convert scalesim {tmp}/t.csv
file t.csv Layer, IFMAP Height,\nConv1, 8, 8, 3, 3, 4, x, 1,\nConv2, 8, 8\n

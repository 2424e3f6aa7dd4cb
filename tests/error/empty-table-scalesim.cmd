weft convert scalesim {tmp}/t.csv
file t.csv Layer, M, N, K,\n

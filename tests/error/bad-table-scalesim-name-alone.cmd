weft convert scalesim {tmp}/t.csv
file t.csv Batch, N,\nonly\n

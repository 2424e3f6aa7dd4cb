weft convert scalesim {tmp}/t.csv
file t.csv Conv1, 2, 2, 3, 3, 4, 8, 1,\n

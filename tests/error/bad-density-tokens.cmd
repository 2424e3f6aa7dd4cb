weft compress bert_base --out {tmp}/out --tokens 1.5:0.2

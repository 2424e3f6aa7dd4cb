weft compress bert_base --out {tmp}/out --key-parts 8-4

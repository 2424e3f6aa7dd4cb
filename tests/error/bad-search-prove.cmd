weft explore tests/error/bad-search-prove.yaml --out {tmp}/study --prove
writes study

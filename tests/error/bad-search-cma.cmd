weft explore tests/error/bad-search-cma.yaml --out {tmp}/study

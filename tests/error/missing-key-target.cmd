weft explore tests/error/missing-key-target.yaml --out {tmp}/study

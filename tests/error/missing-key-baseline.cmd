weft explore tests/error/missing-key-baseline.yaml --out {tmp}/study

weft explore tests/error/unknown-name-baseline.yaml --out {tmp}/study

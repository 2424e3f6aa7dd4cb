weft explore tests/error/space.yaml --out tests/error/other_study

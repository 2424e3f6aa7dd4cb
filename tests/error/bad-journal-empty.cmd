weft explore tests/error/space.yaml --out tests/error/empty_study --resume

weft explore tests/error/space.yaml --out {tmp}/study --watts -3

weft explore tests/error/space.yaml --out {tmp} --resume

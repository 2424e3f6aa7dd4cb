weft explore tests/error/command-refused-run.yaml --out {tmp}/study --no-simulation

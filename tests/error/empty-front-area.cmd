weft explore tests/error/empty-front-area.yaml --out {tmp}/study --no-simulation
exit 1
stdout any
writes study

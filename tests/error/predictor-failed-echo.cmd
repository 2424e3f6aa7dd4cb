weft explore tests/error/predictor-failed-echo.yaml --out {tmp}/study --no-simulation --allow-commands --jobs 1
writes study

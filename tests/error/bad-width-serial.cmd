weft check tests/error/bad-width-serial.yaml

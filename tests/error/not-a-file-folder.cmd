weft check tests/error

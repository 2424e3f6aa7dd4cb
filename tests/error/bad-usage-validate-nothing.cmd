weft validate

weft init arch

weft list arch

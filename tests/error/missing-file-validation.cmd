weft validate --table tests/error/nothing.csv nvdla

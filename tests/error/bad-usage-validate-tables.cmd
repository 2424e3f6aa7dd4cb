weft validate --table tests/error/accuracy.csv nvdla mapper

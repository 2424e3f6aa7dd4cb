weft validate --table tests/error/accuracy.csv timeloop

weft validate --table tests/error/bad-table-validation.csv nvdla

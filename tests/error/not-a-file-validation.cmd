weft validate --table /dev/zero nvdla

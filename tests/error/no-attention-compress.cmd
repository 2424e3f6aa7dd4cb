weft compress tiny_cnn --out {tmp}/out --tokens 0.5

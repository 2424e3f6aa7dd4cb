weft convert maestro {tmp}/n.m
file n.m Network x {\n  Layer a { Dimensions { K: 0 } }\n}\n

weft explore quikstart --out {tmp}/x

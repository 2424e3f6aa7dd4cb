weft explore quickstart --out {tmp}/study --shard 4/3

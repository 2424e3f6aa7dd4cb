weft explore quickstart --out {tmp}/study --mpi --shard 1/2

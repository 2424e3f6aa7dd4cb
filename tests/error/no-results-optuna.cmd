weft convert weft configs/space --to optuna --out {tmp}/a.db

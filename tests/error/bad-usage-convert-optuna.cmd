weft convert timeloop configs/space --to optuna --out {tmp}/a.db

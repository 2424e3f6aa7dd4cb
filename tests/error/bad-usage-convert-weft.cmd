weft convert weft configs/network/mlp.yaml

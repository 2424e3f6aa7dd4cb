weft init network {tmp}/net.yaml
file net.yaml mine\n

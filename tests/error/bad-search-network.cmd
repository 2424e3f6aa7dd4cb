weft explore tests/error/space.yaml --network vgg16 --out {tmp}/study

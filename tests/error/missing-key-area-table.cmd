weft estimate --arch eyeriss --network tiny_cnn --energy tests/error/missing-key-area-table.yaml

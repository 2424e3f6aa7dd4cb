weft estimate --arch eyeriss --network tiny_cnn --energy tests/error/unknown-name-reference-table.yaml

weft estimate --arch eyeriss --network alexnet --weights file:tests/error/bad-tensor-file-kind.yaml

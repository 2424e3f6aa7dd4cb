weft estimate --arch eyeriss --network alexnet --batch 4611686018427387904

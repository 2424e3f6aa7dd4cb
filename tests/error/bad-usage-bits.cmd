weft estimate --arch eyeriss --network alexnet --bits 8

weft estimate --arch eyeriss --network alexnet --energy default_45

weft estimate --arch eyeriss --network alexnet --weights 4:2

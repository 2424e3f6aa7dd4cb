weft estimate --arch eyeriss --network alexnet --inputs sparse:1.5

weft estimate --arch eyeriss --network alexnet --batch -1

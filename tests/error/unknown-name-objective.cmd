weft estimate --arch eyeriss --network alexnet --objective power

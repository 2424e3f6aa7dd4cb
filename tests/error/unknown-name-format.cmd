weft estimate --arch eyeriss --network alexnet --format jsn

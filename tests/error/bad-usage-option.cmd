weft estimate --archh eyeriss --network alexnet

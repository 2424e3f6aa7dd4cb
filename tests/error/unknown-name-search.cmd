weft estimate --arch eyeriss --network alexnet --search magic

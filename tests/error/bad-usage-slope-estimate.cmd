weft estimate --arch eyeriss --network alexnet --ski-slope

weft estimate --arch eyeriss --network alexnet extra

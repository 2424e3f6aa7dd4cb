weft estimate --arch eyeriss

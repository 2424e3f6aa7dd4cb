weft estimate --arch eyeriss --network alexnett

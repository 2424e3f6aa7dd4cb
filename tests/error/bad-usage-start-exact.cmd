weft map --arch eyeriss --network alexnet --start exact

weft map --arch eyeriss --network alexnet --constraints row_stationry

weft estimat --arch eyeriss

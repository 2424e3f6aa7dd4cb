weft estimate --arch eyeriss --network alexnet --batch many

weft map --arch eyeriss --network alexnet --front --objective energy

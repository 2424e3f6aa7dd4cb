weft map --arch eyeriss --network alexnet --layer conv2 --max-nodes -1

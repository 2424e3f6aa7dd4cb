weft map --arch eyeriss --network alexnet --search random --max-nodes 1000

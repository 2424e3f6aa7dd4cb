weft map --arch eyeriss --network alexnet --bound-only --save mappings

weft map --arch eyeriss --network alexnet --bound-only --ski-slope

weft map --arch eyeriss --network alexnet --ski-slope --convention timeloop

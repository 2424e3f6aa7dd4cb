weft simulate --arch eyeriss --network alexnet --convention timeloop

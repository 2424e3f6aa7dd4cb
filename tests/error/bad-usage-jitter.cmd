weft simulate --arch eyeriss --network tiny_cnn --jitter x

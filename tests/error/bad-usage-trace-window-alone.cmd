weft simulate --arch eyeriss --network tiny_cnn --trace-window 1000:2000

weft simulate --arch eyeriss --network tiny_cnn --trace run.json --trace-window 2000:1000

weft simulate --arch eyeriss --network tiny_cnn --trace run.txt

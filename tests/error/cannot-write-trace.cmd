weft simulate --arch eyeriss --network tiny_cnn --trace {tmp}/missing/run.json

weft simulate --arch eyeriss --network tiny_cnn --budget 50 --detail rows --trace t.json

weft map --arch eyeriss --network configs/network/tiny_cnn.yaml --layer sum --front

weft map --arch gemmini --network tiny_cnn --stop-after 5

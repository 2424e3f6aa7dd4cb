weft estimate --arch gemmini --network tiny_cnn --weights file:/dev/zero

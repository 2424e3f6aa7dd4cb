weft estimate --arch eyeris --network alexnet

weft estimate --arch scalesim:absent.cfg --network mlp

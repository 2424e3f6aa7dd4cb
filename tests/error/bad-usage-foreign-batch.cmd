weft estimate --arch gemmini --network scalesim:tests/fixtures/formats/gemm.csv --batch 2

weft map --arch eyeriss --network tests/error/too-many-tiles-gemm.yaml --ski-slope

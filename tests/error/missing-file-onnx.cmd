weft estimate --arch eyeriss --network tests/error/absent.onnx

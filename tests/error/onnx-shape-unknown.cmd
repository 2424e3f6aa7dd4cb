weft check tests/error/onnx-shape-unknown.onnx

weft check tests/error/onnx-cycle-relu.onnx

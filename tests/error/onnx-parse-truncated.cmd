weft check tests/error/onnx-parse-truncated.onnx

weft check tests/error/external-path-outside.onnx

weft check {tmp}/a.onnx
file a.onnx this is a text

weft estimate --arch tests/error/format-too-small-fiber.yaml --network alexnet --layer conv2 --weights sparse:0.5

weft map --arch eyeriss --network alexnet --layer conv2 --ski-slope --mapping tests/error/net.yaml

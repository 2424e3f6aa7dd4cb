weft check {tmp}/a.yaml
file a.yaml accelerator: gr\xfcn\n

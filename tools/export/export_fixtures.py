#!/usr/bin/env python3
# Makes tests/fixtures/onnx: torchvision networks as ONNX with a dynamic batch, without their weights. Large
# tensors become references to a file that does not exist; the importer needs only their sizes.
# Needs torch, torchvision and onnx. Usage: export_fixtures.py [network ...]
# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys
import tempfile
import warnings

import onnx
import torch
import torchvision

OUT = pathlib.Path(__file__).resolve().parents[2] / "tests" / "fixtures" / "onnx"
NETWORKS = ["alexnet", "vgg16", "resnet18", "resnet50", "mobilenet_v2", "mobilenet_v3_large", "googlenet",
            "squeezenet1_1", "vit_b_16"]
KEEP_BYTES = 1024  # smaller tensors stay: shapes, indices, epsilons


def build(name):
    extra = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    return getattr(torchvision.models, name)(weights=None, **extra).eval()


def export(model, path):
    torch.onnx.export(
        model, torch.zeros(1, 3, 224, 224), path, opset_version=16, input_names=["input"],
        output_names=["output"], dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}},
        training=torch.onnx.TrainingMode.PRESERVE,  # keeps batch norms as they are
        do_constant_folding=False)


def strip(model):
    for tensor in model.graph.initializer:
        if len(tensor.raw_data) < KEEP_BYTES:
            continue
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        entry = tensor.external_data.add()
        entry.key, entry.value = "location", "absent.bin"
    del model.graph.value_info[:]
    shorten(model.graph)


def shorten(graph):
    """Long value names are most of what is left; node names stay where layers are named after them."""
    fixed = {value.name for value in list(graph.initializer) + list(graph.input) + list(graph.output)}
    short = {}
    for node in graph.node:
        node.ClearField("doc_string")
        if node.op_type not in ("Conv", "Gemm", "MatMul", "Concat", "Add"):
            node.ClearField("name")
        for name in node.output:
            if name not in fixed and node.op_type != "Identity":
                short[name] = f"v{len(short)}"
    for node in graph.node:
        for names in (node.input, node.output):
            for index, name in enumerate(names):
                names[index] = short.get(name, name)


def main(names):
    warnings.simplefilter("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    for name in names or NETWORKS:
        network = build(name)
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.onnx"
            export(network, str(path))
            model = onnx.load(str(path))
        strip(model)
        model.graph.name = name
        onnx.save(model, str(OUT / f"{name}.onnx"))
        words = sum(p.numel() for p in network.parameters())
        print(f"{name}: {words} parameters, {(OUT / f'{name}.onnx').stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])

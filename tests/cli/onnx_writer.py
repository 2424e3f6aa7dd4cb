"""Writes small ONNX models with weights, byte by byte: the tests need no onnx package.
Fields are numbered as in onnx.proto3. SPDX-License-Identifier: Apache-2.0
"""
import random
import struct

FLOAT, INT8, INT4 = 1, 3, 22


def varint(number):
    number &= (1 << 64) - 1
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def integer(field, number):
    return varint(field << 3) + varint(number)


def part(field, body):
    body = body.encode() if isinstance(body, str) else body
    return varint(field << 3 | 2) + varint(len(body)) + body


def tensor(name, dims, words):
    return (b"".join(integer(1, d) for d in dims) + integer(2, FLOAT) + part(8, name)
            + part(9, struct.pack(f"<{len(words)}f", *words)))


def integers(name, element, dims, words):
    """Integers of 8 bits, or of 4, two to a byte."""
    raw = bytes(w & 255 for w in words)
    if element == INT4:
        pairs = list(words) + [0] * (len(words) % 2)
        raw = bytes(low & 15 | (high & 15) << 4 for low, high in zip(pairs[::2], pairs[1::2]))
    return b"".join(integer(1, d) for d in dims) + integer(2, element) + part(8, name) + part(9, raw)


def value(name, dims):
    shape = b"".join(part(1, integer(1, d)) for d in dims)
    return part(1, name) + part(2, part(1, integer(1, FLOAT) + part(2, shape)))


def node(operator, inputs, output, **lists):
    attributes = b"".join(part(5, part(1, key) + b"".join(integer(8, v) for v in values) + integer(20, 7))
                          for key, values in lists.items())
    return (b"".join(part(1, name) for name in inputs) + part(2, output) + part(3, output) + part(4, operator)
            + attributes)


def model(name, nodes, tensors, given, result):
    graph = (b"".join(part(1, n) for n in nodes) + part(2, name) + b"".join(part(5, t) for t in tensors)
             + part(11, given) + part(12, result))
    return integer(1, 8) + part(8, integer(2, 16)) + part(7, graph)


def small_cnn(seed=1):
    """Two convolutions, a pool and a product, with random weights: 22 kB."""
    rng = random.Random(seed)
    words = lambda count: [rng.gauss(0, 1) for _ in range(count)]
    nodes = [node("Conv", ["x", "w1"], "c1", pads=[1, 1, 1, 1]), node("Relu", ["c1"], "r1"),
             node("Conv", ["r1", "w2"], "c2", pads=[1, 1, 1, 1]), node("Relu", ["c2"], "r2"),
             node("GlobalAveragePool", ["r2"], "p"), node("Flatten", ["p"], "f"), node("MatMul", ["f", "w3"], "fc")]
    tensors = [tensor("w1", [16, 3, 3, 3], words(432)), tensor("w2", [32, 16, 3, 3], words(4608)),
               tensor("w3", [32, 10], words(320))]
    return model("small", nodes, tensors, value("x", [1, 3, 8, 8]), value("fc", [1, 10]))


def quantised_cnn(element, seed=1):
    """A convolution with weights of `element` and bytes around it, each behind its quantiser."""
    rng = random.Random(seed)
    most = 7 if element == INT4 else 127
    words = [rng.choice([0, rng.randint(-most, most)]) for _ in range(16 * 8 * 9)]
    nodes = [node("QuantizeLinear", ["x", "s", "z"], "xq"), node("DequantizeLinear", ["xq", "s", "z"], "xr"),
             node("DequantizeLinear", ["w", "s", "wz"], "wr"), node("Conv", ["xr", "wr"], "c", pads=[1, 1, 1, 1]),
             node("Relu", ["c"], "r"), node("QuantizeLinear", ["r", "s", "z"], "q"),
             node("DequantizeLinear", ["q", "s", "z"], "y")]
    tensors = [integers("w", element, [16, 8, 3, 3], words), integers("wz", element, [], [0]),
               integers("z", INT8, [], [0]), tensor("s", [], [0.5])]
    return model("quantised", nodes, tensors, value("x", [1, 8, 8, 8]), value("y", [1, 16, 8, 8])), words

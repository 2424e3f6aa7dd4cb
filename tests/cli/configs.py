"""Does every file of configs/ load, and does every preset work together with a small partner?
SPDX-License-Identifier: Apache-2.0
"""
import re
import tempfile
import unittest
from pathlib import Path

import weft

EXAMPLE = re.compile(r"^```yaml check\n(.*?)^```", re.M | re.S)


def names(kind):
    lines = weft.run("list", kind).decode().splitlines()
    return [line.split()[0] for line in lines[2:]]


class Configs(unittest.TestCase):
    def test_every_file_is_good(self):
        files = sorted(weft.ROOT.glob("configs/*/*.yaml"))
        self.assertGreater(len(files), 10)
        for file in files:
            with self.subTest(file=file.name):
                weft.run("check", file)

    def test_shipped_mappings_are_legal(self):
        """Their names say what they are for: <accelerator>_<network>_<layer>.yaml."""
        networks = sorted(names("networks"), key=len, reverse=True)
        for file in sorted(weft.ROOT.glob("configs/mapping/*.yaml")):
            with self.subTest(file=file.name):
                rest = file.stem.partition("_")[2]
                network = next(name for name in networks if rest.startswith(name + "_"))
                layer = rest[len(network) + 1:]
                self.assertIn(b", legal", weft.run("check", file, "--network", network, "--layer", layer))

    def test_shipped_mappings_meet_their_dataflow(self):
        """A mapping taken from a publication meets the constraints that describe its dataflow, and no others."""
        eyeriss = ("--arch", "eyeriss", "--network", "alexnet", "--layer", "conv3", "--mapping",
                   weft.ROOT / "configs/mapping/eyeriss_alexnet_conv3.yaml", "--constraints")
        header = weft.run("estimate", *eyeriss, "row-stationary").decode()
        self.assertIn("every mapping meets them", header)
        for other in ["nvdla-like", "shidiannao-like", "output-stationary"]:
            with self.subTest(constraints=other):
                self.assertEqual(weft.run("estimate", *eyeriss, other, exit_code=2), b"")

    def test_effective_files_load_again(self):
        """What --effective prints of an accelerator or network is one that prints the same."""
        for file in sorted([*weft.ROOT.glob("configs/arch/*.yaml"), *weft.ROOT.glob("configs/network/*.yaml")]):
            with self.subTest(file=file.name), tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "copy.yaml"
                copy.write_bytes(weft.run("check", "--effective", file).partition(b"\n")[2])
                again = weft.run("check", "--effective", copy).partition(b"\n")[2]
                self.assertEqual(copy.read_bytes(), again)

    def test_every_accelerator_maps_a_network(self):
        for arch in names("archs"):
            with self.subTest(arch=arch):
                result = weft.report("estimate", "--arch", arch, "--network", "tiny_cnn", "--search",
                                     "constructive", "--budget", "60")
                self.assertGreater(result["network"]["cycles"], 0)

    def test_every_network_is_mapped(self):
        found = names("networks")
        self.assertIn("resnet50", found)
        for network in found:
            with self.subTest(network=network):
                result = weft.report("estimate", "--arch", "gemmini", "--network", network, "--search",
                                     "constructive", "--budget", "20")
                self.assertGreater(result["network"]["macs"], 0)
                self.assertGreater(result["network"]["energy_pj"], 0)

    def test_examples_of_the_manual(self):
        examples = EXAMPLE.findall((weft.ROOT / "configs/README.md").read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(examples), 4)
        with tempfile.TemporaryDirectory() as folder:
            for i, text in enumerate(examples):
                file = Path(folder) / f"example{i}.yaml"
                file.write_text(text, encoding="utf-8")
                weft.run("check", file)


if __name__ == "__main__":
    weft.main()

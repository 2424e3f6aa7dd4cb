"""Do the spaces that ship run from end to end, and do accuracies of uniform settings equal their table?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import json
import tempfile
import unittest
from pathlib import Path

import weft

ENVELOPES = ["naas_edge_tpu", "naas_nvdla1024", "naas_nvdla256", "naas_shidiannao"]

# Wider ports make it faster and cost area.
PORTS = """
space: ports
network: {file: tiny_cnn}
accelerator:
  text: |
    accelerator: tiny
    clock: 1 GHz
    levels:
      - name: DRAM
        memory: {kind: dram, width: 64 b, shared_bandwidth: 64 B/cycle}
      - name: buffer
        memory: {capacity: 64 KiB, width: 64 b, read_bandwidth: ${port}, write_bandwidth: ${port}}
        fanout: {x: 8, y: 8}
  knobs:
    port: [8 B/cycle, 16 B/cycle, 64 B/cycle]
objectives: [latency, area]
mapper: {evaluations: 40}
search: {kind: exhaustive, evaluations: 3}
"""


def table(name):
    lines = (weft.ROOT / "configs/accuracy" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


class Spaces(unittest.TestCase):
    def explore(self, space, *more):
        with tempfile.TemporaryDirectory() as folder:
            return json.loads(weft.run("explore", space, "--out", Path(folder) / "study", "--quiet", "--format", "json",
                                       "--no-simulation", "--jobs", 2, *more))

    def test_envelopes_with_another_network(self):
        for space in ENVELOPES:
            with self.subTest(space=space):
                found = self.explore(space, "--network", "tiny_cnn", "--budget", 24)
                self.assertEqual(found["front"][0]["network"], "tiny_cnn")
                gains = {gain["metric"]: gain for gain in found["baseline"]["gains"]}
                self.assertLessEqual(gains["edp"]["units"], found["baseline"]["units"])
                self.assertLessEqual(gains["edp"]["storage_bits"], found["baseline"]["storage_bits"])

    def test_uniform_bits_have_the_accuracy_of_the_table(self):
        for network, suffix in (("mobilenet_v2", ""), ("resnet50", "_resnet50"), ("mobilenet_v1", "_mobilenet_v1")):
            found = self.explore(f"haq_bitfusion{suffix}_uniform")
            published = {float(row["top1"]) for row in table(f"quantised_{network}")}
            self.assertGreater(len(found["front"]), 1)
            for point in found["front"]:
                self.assertIn(round(point["accuracy"], 9), published)

    def test_mixed_bits_lie_between_uniform_ones(self):
        for network, suffix in (("mobilenet_v2", ""), ("resnet50", "_resnet50"), ("mobilenet_v1", "_mobilenet_v1")):
            rows = [float(row["top1"]) for row in table(f"quantised_{network}")]
            for point in self.explore(f"haq_bitfusion{suffix}", "--budget", 100)["front"]:
                self.assertTrue(min(rows) <= point["accuracy"] <= max(rows), point["accuracy"])

    def test_five_and_six_bits_compute_as_eight(self):
        """Bit Fusion's bricks join to 2, 4 or 8 bits: in between, only what is stored and moved shrinks."""
        found = self.explore("haq_bitfusion_mobilenet_v1_uniform")
        front = {point["network"].split()[-1]: point for point in found["front"]}
        self.assertEqual(set(front), {"4", "5", "6", "8"})
        self.assertGreater(front["5"]["cycles"], 2 * front["4"]["cycles"])
        self.assertLess(front["8"]["cycles"], 1.1 * front["5"]["cycles"])
        self.assertLess(front["5"]["energy_pj"], front["6"]["energy_pj"])
        self.assertLess(front["6"]["energy_pj"], front["8"]["energy_pj"])

    def test_bandwidth_is_not_free(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "ports.yaml"
            file.write_text(PORTS, encoding="utf-8")
            front = sorted(self.explore(file)["front"], key=lambda point: point["area_um2"])
        self.assertEqual([point["knobs"]["port"] for point in front], ["8 B/cycle", "16 B/cycle", "64 B/cycle"])
        self.assertGreater(front[0]["cycles"], front[-1]["cycles"])

    def test_pruning_runs(self):
        found = self.explore("prune_scnn", "--budget", 4)
        self.assertEqual(found["evaluated"], 4)
        rows = [float(row["top1"]) for row in table("pruned_resnet50")]
        for point in found["front"]:
            self.assertTrue(min(rows) <= point["accuracy"] <= max(rows), point["accuracy"])


if __name__ == "__main__":
    weft.main()

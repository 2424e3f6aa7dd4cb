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
        for network, suffix in (("mobilenet_v2", ""), ("resnet50", "_resnet50")):
            found = self.explore(f"haq_bitfusion{suffix}_uniform")
            published = {float(row["top1"]) for row in table(f"quantised_{network}")}
            self.assertGreater(len(found["front"]), 1)
            for point in found["front"]:
                self.assertIn(round(point["accuracy"], 9), published)

    def test_mixed_bits_lie_between_uniform_ones(self):
        rows = [float(row["top1"]) for row in table("quantised_mobilenet_v2")]
        for point in self.explore("haq_bitfusion", "--budget", 100)["front"]:
            self.assertTrue(min(rows) <= point["accuracy"] <= max(rows), point["accuracy"])

    def test_pruning_runs(self):
        found = self.explore("prune_scnn", "--budget", 4)
        self.assertEqual(found["evaluated"], 4)
        rows = [float(row["top1"]) for row in table("pruned_resnet50")]
        for point in found["front"]:
            self.assertTrue(min(rows) <= point["accuracy"] <= max(rows), point["accuracy"])


if __name__ == "__main__":
    weft.main()

"""Do the bounds and the ski slope hold against what searches find, and do their forms agree?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import unittest

import weft

RUN = ["--arch", "eyeriss", "--network", "resnet50_shapes"]
TINY = ["--arch", "tests/error/machine.yaml", "--network", "tiny_cnn"]


def rows(*words):
    return list(csv.DictReader(io.StringIO(weft.run(*words, "--format", "csv").decode(), newline="")))


class Bounds(unittest.TestCase):
    def test_below_what_a_search_finds(self):
        for run in (RUN, TINY):
            for objective in ("energy", "latency", "edp", "ed2p"):
                bound = weft.report("map", *run, "--objective", objective, "--bound-only")
                found = weft.report("map", *run, "--objective", objective, "--search", "constructive",
                                    "--budget", "60")
                pairs = zip([*bound["layers"], bound["network"]], [*found["layers"], found["network"]], strict=True)
                for least, layer in pairs:
                    self.assertLessEqual(least["bound"]["cycles"], layer["cycles"])
                    self.assertLessEqual(least["bound"]["energy_pj"], layer["energy_pj"])
                    self.assertLessEqual(least["compulsory"]["words"], layer["outer_words"])
                    self.assertAlmostEqual(least["bound"]["cost"] / layer["bound"]["cost"], 1, places=9)

    def test_parts(self):
        report = weft.report("map", *RUN, "--bound-only")
        for layer in report["layers"]:
            parts, bound = layer["energy_parts_pj"], layer["bound"]
            self.assertAlmostEqual(sum(parts.values()) / bound["energy_pj"], 1, places=9)
            self.assertGreaterEqual(bound["cycles"] * (1 + 1e-9), layer["compute_cycles"])
            self.assertGreaterEqual(bound["cycles"] * (1 + 1e-9), layer["compulsory"]["cycles"])
            if layer["buffered"]:
                for key in ("words", "bits", "cycles"):
                    self.assertGreaterEqual(layer["buffered"][key], layer["compulsory"][key])
        network = report["network"]
        for key in ("words", "bits"):
            self.assertEqual(network["compulsory"][key],
                             sum(layer["repeat"] * layer["compulsory"][key] for layer in report["layers"]))
        self.assertEqual(network["bound"]["cycles"], sum(network["cycles_by_what_binds"].values()))

    def test_forms_agree(self):
        report = weft.report("map", *TINY, "--bound-only")
        text = weft.run("map", *TINY, "--bound-only").decode().splitlines()
        table = rows("map", *TINY, "--bound-only")
        for row, layer in zip(table, [*report["layers"], report["network"]], strict=True):
            self.assertEqual(row["layer"], layer["name"])
            self.assertEqual(int(row["cycles"]), layer["bound"]["cycles"])
            self.assertEqual(int(row["outer_words"]), layer["compulsory"]["words"])
            line = next(line for line in text if line.startswith(layer["name"] + " "))
            self.assertIn(f" {layer['bound']['cycles']:,} ", line)


class SkiSlope(unittest.TestCase):
    def test_curve(self):
        slope = weft.report("map", *RUN, "--ski-slope")["ski_slope"]
        points = slope["points"]
        for before, after in zip(points, points[1:]):
            self.assertLess(before["capacity_bits"], after["capacity_bits"])
            self.assertGreaterEqual(before["words"], after["words"])
            self.assertGreaterEqual(before["bits"], after["bits"])
        bound = weft.report("map", *RUN, "--bound-only")
        for key in ("words", "bits"):
            self.assertEqual(points[-1][key], bound["network"]["compulsory"][key])
            self.assertEqual(slope["marks"][-1][key], bound["network"]["buffered"][key])
        names = [mark["name"] for mark in slope["marks"]]
        self.assertEqual(names, ["smallest", "within 10 %", "within 1 %", "compulsory", "GLB", "spads", "all on chip"])
        within = slope["marks"][1]
        self.assertLessEqual(within["words"], 1.1 * points[-1]["words"])
        self.assertTrue(all(p["words"] > 1.1 * points[-1]["words"] for p in points
                            if p["capacity_bits"] < within["capacity_bits"]))

    def test_a_network_is_the_sum_of_its_layers(self):
        report = weft.report("map", *TINY, "--bound-only")
        whole = weft.report("map", *TINY, "--ski-slope")["ski_slope"]["points"][-1]
        layers = [layer for layer in report["layers"] if layer["kind"] != "vector"]
        alone = [weft.report("map", *TINY, "--ski-slope", "--layer", layer["name"])["ski_slope"]["points"][-1]
                 for layer in layers]
        self.assertEqual(whole["words"], sum(layer["repeat"] * point["words"]
                                             for layer, point in zip(layers, alone, strict=True)))

    def test_forms_agree(self):
        slope = weft.report("map", *TINY, "--ski-slope")["ski_slope"]
        table = rows("map", *TINY, "--ski-slope")
        for row, point in zip(table, [*slope["points"], *slope["marks"]], strict=True):
            self.assertEqual(row["mark"], point.get("name", ""))
            self.assertEqual(int(row["capacity_bits"]), point["capacity_bits"])
            self.assertEqual(row["words"], "" if point["words"] is None else str(point["words"]))
        text = weft.run("map", *TINY, "--ski-slope").decode()
        self.assertIn(f" {slope['points'][-1]['words']:,} ", text)


if __name__ == "__main__":
    weft.main()

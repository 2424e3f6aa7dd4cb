"""Is what the exact search says through the program true: the front, and searches that start from its optimum?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import tempfile
import unittest
from pathlib import Path

import weft

TINY = ["--arch", "gemmini", "--network", "tiny_cnn"]


def layers_of(report):
    return [layer for layer in report["layers"] if layer["certificate"]]


class Front(unittest.TestCase):
    def test_ends_and_order(self):
        """The front falls, its ends are the optima of energy and latency, and the best EDP is on it."""
        fronts = weft.report("map", *TINY, "--front")["fronts"]
        names = [name for front in fronts for name in front["layers"]]
        best = {objective: {layer["name"]: layer["certificate"]["cost"]
                            for layer in layers_of(weft.report("map", *TINY, "--objective", objective))}
                for objective in ("energy", "latency", "edp")}
        self.assertEqual(sorted(names), sorted(best["edp"]))
        self.assertTrue(any(len(front["points"]) > 3 for front in fronts))
        for front in fronts:
            self.assertIs(front["proven"], True)
            points, name = front["points"], front["layers"][0]
            for before, after in zip(points, points[1:]):
                self.assertLess(before["cycles"], after["cycles"])
                self.assertGreater(before["energy_pj"], after["energy_pj"])
            self.assertAlmostEqual(points[-1]["energy_pj"] / best["energy"][name], 1, places=12)
            self.assertAlmostEqual(min(point["edp_js"] for point in points) / best["edp"][name], 1, places=12)
            seconds = points[0]["edp_js"] / (points[0]["energy_pj"] * 1e-12)
            self.assertAlmostEqual(seconds / best["latency"][name], 1, places=12)

    def test_mappings_are_those_priced(self):
        front = weft.report("map", *TINY, "--front", "--layer", "conv1")["fronts"][0]
        with tempfile.TemporaryDirectory() as folder:
            for point in (front["points"][0], front["points"][-1]):
                file = Path(folder) / "point.yaml"
                file.write_text(point["mapping"], encoding="utf-8")
                given = weft.report("map", *TINY, "--layer", "conv1", "--mapping", file)["layers"][0]
                self.assertAlmostEqual(given["certificate"]["cost"] / point["edp_js"], 1, places=12)

    def test_forms_and_threads_agree(self):
        words = ["map", *TINY, "--front"]
        table = list(csv.DictReader(io.StringIO(weft.run(*words, "--format", "csv").decode(), newline="")))
        points = [point for front in weft.report(*words)["fronts"] for point in front["points"]]
        self.assertEqual([int(row["cycles"]) for row in table], [point["cycles"] for point in points])
        text = weft.run(*words, "--jobs", "1")
        self.assertIn(f"{points[0]['cycles']:,} ", text.decode())
        for jobs in ("2", "8"):
            self.assertEqual(text, weft.run(*words, "--jobs", jobs))


class Start(unittest.TestCase):
    def test_never_worse(self):
        exact = layers_of(weft.report("map", *TINY))
        with tempfile.TemporaryDirectory() as folder:
            weft.run("map", *TINY, "--save", folder)
            for search in ("annealing", "genetic", "random", "constructive"):
                for start in ("exact", folder):
                    words = ["map", *TINY, "--search", search, "--budget", "30", "--start", start]
                    for best, found in zip(exact, layers_of(weft.report(*words)), strict=True):
                        self.assertLessEqual(found["certificate"]["cost"], best["certificate"]["cost"])

    def test_without_it_is_worse(self):
        """Otherwise the test above would say nothing about the start."""
        cost = [layer["certificate"]["cost"] for layer in layers_of(weft.report("map", *TINY))]
        alone = layers_of(weft.report("map", *TINY, "--search", "random", "--budget", "30"))
        self.assertTrue(any(layer["certificate"]["cost"] > best for layer, best in zip(alone, cost, strict=True)))


if __name__ == "__main__":
    weft.main()

"""Do the reports add up, and do text, JSON and CSV say the same?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import io
import tempfile
import unittest

import weft

RUN = ["--arch", "eyeriss", "--network", "resnet50_shapes", "--budget", "150"]
TINY = ["--arch", "tests/error/machine.yaml", "--network", "tiny_cnn", "--budget", "150"]
LAYER_KEYS = {"name", "cycles", "energy_pj", "area_um2", "macs", "utilization", "edp_js", "bound", "levels", "stalls",
              "mapping"}


class Reports(unittest.TestCase):
    def test_schema(self):
        result = weft.report("estimate", *RUN)
        self.assertEqual(result["schema"], "weft/1")
        for layer in [*result["layers"], result["network"]]:
            self.assertLessEqual(LAYER_KEYS, set(layer))
            self.assertEqual(set(layer["bound"]), {"cost", "gap"})
            for level in layer["levels"]:
                self.assertEqual(set(level), {"name", "tensors", "energy_pj", "busy_cycles"})
                for counts in level["tensors"].values():
                    self.assertEqual(set(counts), {"fills", "reads", "updates", "drains"})

    def check_totals(self, result):
        layers, total = result["layers"], result["network"]
        for key in ("cycles", "macs", "outer_words"):
            self.assertEqual(total[key], sum(layer["repeat"] * layer[key] for layer in layers), key)
        energy = sum(layer["repeat"] * layer["energy_pj"] for layer in layers)
        self.assertAlmostEqual(total["energy_pj"] / energy, 1, places=12)
        for layer in [*layers, total]:
            parts = sum(level["energy_pj"] for level in layer["levels"]) + sum(layer["compute"].values())
            self.assertAlmostEqual(layer["energy_pj"] / parts, 1, places=9, msg=layer["name"])
            seconds = layer["cycles"] / result["run"]["clock_hz"]
            self.assertAlmostEqual(layer["edp_js"] / (layer["energy_pj"] * 1e-12 * seconds), 1, places=9)
            self.assertLessEqual(-1e-9, layer["bound"]["gap"])
        for i, level in enumerate(total["levels"]):
            for role, counts in level["tensors"].items():
                for key, words in counts.items():
                    expected = sum(layer["repeat"] * layer["levels"][i]["tensors"].get(role, {}).get(key, 0)
                                   for layer in layers if layer["levels"])
                    self.assertEqual(words, expected, (level["name"], role, key))

    def test_totals(self):
        result = weft.report("estimate", *RUN)
        self.assertTrue(any(layer["repeat"] > 1 for layer in result["layers"]))
        self.check_totals(result)
        self.check_totals(weft.report("estimate", *TINY))

    def test_bottleneck(self):
        """A layer whose vector work takes longer than its array's names the vector unit, and no other layer of the array does."""
        machine = (weft.ROOT / "tests/error/machine.yaml").read_text(encoding="utf-8")
        named = {}
        for lanes in (1, 4, 1 << 20):
            with tempfile.TemporaryDirectory() as folder:
                file = f"{folder}/machine.yaml"
                with open(file, "w", encoding="utf-8") as stream:
                    stream.write(machine.replace("lanes: 4", f"lanes: {lanes}"))
                run = ["--arch", file, "--network", "tiny_cnn", "--budget", "50"]
                layers = weft.report("estimate", *run)["layers"]
                written = [row["bottleneck"] for row in csv.DictReader(io.StringIO(weft.run("estimate", *run, "--format", "csv").decode()))]
            named[lanes] = [layer["timing"]["bottleneck"] for layer in layers]
            self.assertEqual(written[:-1], named[lanes])
        array = [i for i, layer in enumerate(layers) if layer["kind"] != "vector"]
        self.assertTrue(all(name == "vector unit" for i, name in enumerate(named[1 << 20]) if i not in array))
        self.assertNotIn("vector unit", [named[1 << 20][i] for i in array])
        slow = [i for i in array if named[1][i] == "vector unit"]
        self.assertTrue(slow)
        for i in array:
            self.assertIn(named[4][i], {named[1][i], named[1 << 20][i]})

    def check_stalls(self, layer):
        """Every part, and every reason, is in the cycles; a sentence names each."""
        stalls = dict(layer["stalls"])
        reasons = stalls.pop("reasons")
        self.assertEqual(sum(stalls.values()), layer["cycles"])
        rest = stalls["computing"] + stalls["vector"] + stalls["rounding"]
        self.assertEqual(sum(reason["cycles"] for reason in reasons), layer["cycles"] - rest)
        for reason in reasons:
            self.assertRegex(reason["words"], "^waited for ")
            self.assertAlmostEqual(reason["share"] * layer["cycles"], reason["cycles"])
        array = layer["cycles"] - stalls["vector"] - stalls["rounding"]
        for component in layer["simulation"]["components"]:
            parts = component["busy"] + sum(component["waits"].values()) + component["idle"]
            self.assertEqual(parts, array, component["name"])

    def test_simulation(self):
        result = weft.report("simulate", *TINY)
        self.check_totals(result)
        for layer in [*result["layers"], result["network"]]:
            self.check_stalls(layer)
            self.assertTrue(layer["simulation"]["counts_equal"])
        self.assertIs(result["network"]["simulation"]["outputs_equal"], True)
        quiet = weft.report("simulate", *TINY, "--no-values")
        self.assertIsNone(quiet["network"]["simulation"]["outputs_equal"])
        self.assertEqual([layer["cycles"] for layer in quiet["layers"]], [layer["cycles"] for layer in result["layers"]])

    def test_forms_agree(self):
        for verb in ("estimate", "simulate"):
            words = [verb, *TINY]
            rows = list(csv.DictReader(io.StringIO(weft.run(*words, "--format", "csv").decode(), newline="")))
            result = weft.report(*words)
            text = weft.run(*words).decode().splitlines()
            for row, layer in zip(rows, [*result["layers"], result["network"]], strict=True):
                self.assertEqual(row["layer"], layer["name"])
                self.assertEqual(int(row["cycles"]), layer["cycles"])
                self.assertEqual(float(row["energy_pj"]), layer["energy_pj"])
                line = next(line for line in text if line.startswith(layer["name"] + " "))
                self.assertIn(f" {layer['cycles']:,} ", line)

    def test_saved_mappings_cost_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            searched = weft.report("map", *TINY, "--save", folder)
            given = weft.report("estimate", *TINY, "--mapping", folder)
        for before, after in zip(searched["layers"], given["layers"], strict=True):
            for key in ("cycles", "energy_pj", "mapping", "levels"):
                self.assertEqual(before[key], after[key], (before["name"], key))

    def test_certificates(self):
        """The exact search proves what it finds; stopped early, it says how far it may be; other searches never
        find an even mapping that is better."""
        words = ["map", *TINY]
        proven = weft.report(*words)
        effort = proven["network"]["certificate"]
        layers = [layer for layer in proven["layers"] if layer["kind"] != "vector"]
        self.assertEqual((effort["layers"], effort["proven"]), (len(layers), len(layers)))
        for layer in layers:
            certificate = layer["certificate"]
            self.assertIn("even", certificate["space"])
            self.assertEqual(certificate["gap"], 0)
            self.assertEqual(certificate["cost"], certificate["lower_bound"])
            self.assertGreaterEqual(layer["bound"]["gap"], 0)
        text = weft.run(*words).decode()
        self.assertIn(f"{len(layers)} of {len(layers)} layers proven optimal", text)
        rows = csv.DictReader(io.StringIO(weft.run(*words, "--format", "csv").decode(), newline=""))
        for row, layer in zip(rows, proven["layers"]):
            for key in ("nodes", "cut_by_bound", "cut_by_capacity", "leaves"):
                self.assertEqual(int(row[key]), (layer["certificate"] or {key: 0})[key])
        stopped = [layer for layer in weft.report(*words, "--max-nodes", "1")["layers"] if layer["certificate"]]
        self.assertTrue(any(layer["certificate"]["gap"] > 0 for layer in stopped))
        for before, after in zip(stopped, layers, strict=True):
            self.assertGreaterEqual(before["certificate"]["cost"], after["certificate"]["cost"])
            self.assertLessEqual(before["certificate"]["lower_bound"], after["certificate"]["cost"])

    def test_one_layer(self):
        result = weft.report("map", *RUN, "--layer", "conv2_1b")
        self.assertEqual(result["run"]["search"], "exact")
        self.assertEqual([layer["name"] for layer in result["layers"]], ["conv2_1b"])
        self.assertEqual(result["network"]["cycles"], result["layers"][0]["cycles"])
        self.assertIn("for ", weft.run("map", *RUN, "--layer", "conv2_1b").decode())


if __name__ == "__main__":
    weft.main()

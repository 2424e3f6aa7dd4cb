"""Do the trace files say what the report says, and can other programs read them?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import json
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

import weft

TINY = ["simulate", "--arch", "tests/error/machine.yaml", "--network", "tiny_cnn", "--budget", "150", "--no-values",
        "--format", "json"]


class Traces(unittest.TestCase):
    def traced(self, name, *words):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            result = json.loads(weft.run(*TINY, "--trace", str(path), *words))
            return result["network"]["back_to_back"], path.read_text(encoding="utf-8")

    def test_cycles_are_the_same_without(self):
        plain = json.loads(weft.run(*TINY))["network"]["back_to_back"]
        self.assertEqual(self.traced("a.json")[0], plain)
        self.assertLessEqual(plain["cycles"], plain["sum_of_layers"])

    def test_zeros_are_where_they_are_in_each_layer_alone(self):
        """One after the other, layers meet the zeros of their operands, or they would take much longer."""
        for layer in ("conv1", "conv2_pointwise", "conv3"):
            for density in ("0.1", "0.35", "0.8"):
                with self.subTest(layer=layer, density=density):
                    run = json.loads(weft.run("simulate", "--arch", "scnn", "--network", "tiny_cnn", "--layer", layer,
                                              "--weights", f"sparse:{density}", "--inputs", "sparse:0.4", "--search",
                                              "random", "--budget", "100", "--format", "json"))["network"]["back_to_back"]
                    self.assertLessEqual(run["cycles"], run["sum_of_layers"])
                    self.assertGreater(run["cycles"], 0.5 * run["sum_of_layers"])
                    self.assertFalse(run["without_early_tiles"])

    def test_json(self):
        run, text = self.traced("a.json")
        trace = json.loads(text)
        self.assertFalse(trace["otherData"]["truncated"])
        tracks, names = defaultdict(list), {}
        for event in trace["traceEvents"]:
            if event["ph"] == "X":
                tracks[event["pid"], event["tid"]].append(event)
                self.assertLessEqual(event["ts"] + event["dur"], run["cycles"] + 1e-3)
            elif event["ph"] == "M" and event["name"] == "thread_name":
                names[event["pid"], event["tid"]] = event["args"]["name"]
            elif event["ph"] == "C":
                self.assertIn(event["args"]["tiles"], (0, 1, 2))
        components = {component["name"]: component["busy"] for component in run["components"]}
        for track, events in tracks.items():
            end = 0
            for event in sorted(events, key=lambda event: event["ts"]):
                self.assertGreaterEqual(event["ts"], end - 1e-6, names[track])
                end = event["ts"] + event["dur"]
            if names[track] in components:
                busy = sum(event["dur"] for event in events if event["cat"] == "busy")
                self.assertAlmostEqual(busy, components[names[track]], places=2, msg=names[track])
        self.assertIn("array", names.values())

    def test_window(self):
        events = json.loads(self.traced("a.json", "--trace-window", "1000:2000")[1])["traceEvents"]
        times = [(event["ts"], event["ts"] + event["dur"]) for event in events if event["ph"] == "X"]
        self.assertTrue(times)
        self.assertTrue(all(1000 <= begin <= end <= 2000 for begin, end in times))

    def test_csv(self):
        run, text = self.traced("a.csv")
        rows = list(csv.DictReader(text.splitlines()))
        self.assertEqual({row["layer"] for row in rows} - {layer["name"] for layer in run["layers"]}, set())
        for row in rows:
            self.assertLessEqual(float(row["asked"]), float(row["begin"]))
            self.assertLessEqual(float(row["begin"]), float(row["end"]))
        self.assertTrue(any(row["direction"] == "store" for row in rows))

    def test_vcd(self):
        text = self.traced("a.vcd")[1]
        head, _, body = text.partition("$enddefinitions $end")
        signals = {line.split()[3] for line in head.splitlines() if line.startswith("$var")}
        self.assertEqual(len(signals), head.count("$var"))
        time, changed = -1, set()
        for line in body.splitlines():
            if line.startswith("#"):
                self.assertGreaterEqual(int(line[1:]), time)
                time, changed = int(line[1:]), set()
            elif line and line[0] in "01b":
                signal = line.split()[-1] if line[0] == "b" else line[1:]
                self.assertIn(signal, signals)
                if time > 0:
                    self.assertNotIn(signal, changed, "a signal changes twice at a time")
                changed.add(signal)
        self.assertGreater(time, 0)

    def test_jitter_changes_cycles_and_nothing_else(self):
        words = [word for word in TINY if word != "--no-values"]
        calm, shaken = (json.loads(weft.run(*words, *more)) for more in ((), ("--jitter", "3")))
        self.assertGreater(shaken["network"]["cycles"], calm["network"]["cycles"])
        self.assertIs(shaken["network"]["simulation"]["outputs_equal"], True)
        self.assertIs(shaken["network"]["simulation"]["counts_equal"], True)
        self.assertEqual(shaken["network"]["levels"][0]["tensors"], calm["network"]["levels"][0]["tensors"])


if __name__ == "__main__":
    weft.main()

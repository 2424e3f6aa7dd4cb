"""Does a study answer what its file asks: the baseline, the target, what matters, what the simulator says?
SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

SPACE = """
space: answers
network: {file: tiny_cnn, weight_bits: [2, 3, 4, 8], per: network}
""" + weft.MACHINE + """  knobs:
    buffer: [4 KiB, 5 KiB, 6 KiB]
    x: [2, 4, 8, 16]
objectives: [latency, energy, area]
constraints: {area: 0.085 mm2}
target: {latency_ms: %s}
baseline: {arch: eyeriss}
mapper: {evaluations: 40}
search: {kind: evolutionary, evaluations: 40, population: 10, seed: 3}
"""


class Answers(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def explore(self, target, *more):
        (self.folder / "space.yaml").write_text(SPACE % target, encoding="utf-8")
        out = self.folder / f"out{target}"
        return json.loads(weft.run("explore", self.folder / "space.yaml", "--out", out, "--quiet", "--format", "json", *more))

    def test_designs_are_simulated_and_run_as_they_are(self):
        found = self.explore("1", "--simulate-top", 3)
        again = found["resimulated"]
        self.assertEqual(len(again["designs"]), 3)
        self.assertEqual(again["designs"][0]["id"], found["chosen"])
        self.assertEqual(again["designs"][0]["simulated_cycles"], found["simulated"]["simulated_cycles"])
        self.assertLessEqual(again["inversions"], again["pairs"])
        for design in again["designs"]:
            self.assertTrue(design["counts_equal"])
            folder = self.folder / "out1/designs" / str(design["id"])
            files = ["--arch", folder / "accelerator.yaml", "--network", folder / "network.yaml",
                     "--mapping", folder / "mappings"]
            weft.run("simulate", *files)
            run = weft.report("estimate", *files)
            point = next(point for point in found["front"] if point["id"] == design["id"])
            self.assertAlmostEqual(run["network"]["energy_pj"] / point["energy_pj"], 1, places=9)

    def test_baseline_is_what_estimate_says(self):
        answer = self.explore("1", "--no-simulation")["baseline"]
        run = weft.report("estimate", "--arch", "eyeriss", "--network", "tiny_cnn", "--search", "constructive",
                          "--budget", 40, "--seed", 3)
        self.assertEqual(answer["cycles"], run["network"]["cycles"])
        self.assertAlmostEqual(answer["energy_pj"] / run["network"]["energy_pj"], 1, places=9)
        self.assertEqual(answer["units"], 168)
        self.assertEqual([gain["metric"] for gain in answer["gains"]], ["latency", "energy", "edp"])

    def test_a_target_is_met_or_the_way_to_it_is_shown(self):
        easy = self.explore("1", "--no-simulation")["target"]
        self.assertTrue(easy["met"])
        self.assertLess(easy["excess"], 0)
        found = self.explore("0.0025", "--no-simulation")
        hard = found["target"]
        self.assertFalse(hard["met"])
        fastest = min(found["front"], key=lambda point: point["latency_s"])
        self.assertEqual(hard["nearest"], fastest["id"])
        self.assertAlmostEqual(hard["excess"], fastest["latency_s"] / 2.5e-6 - 1, places=9)
        wider = [change for change in hard["changes"] if change["choice"] == "knob.x"]
        self.assertEqual([change["to"] for change in wider], ["16"])  # more units help, but are too large
        self.assertRegex(wider[0]["refused"], r"^area .* of at most 0\.08500 mm2$")

    def test_a_target_changes_no_evaluation(self):
        self.explore("1", "--no-simulation")
        (self.folder / "space.yaml").write_text(SPACE % "7", encoding="utf-8")
        done = subprocess.run([str(weft.program()), "explore", self.folder / "space.yaml", "--out", self.folder / "out1",
                               "--resume", "--no-simulation"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"\d+ evaluations taken from the journal")

    def test_importance_names_what_decides(self):
        importance = {entry["choice"]: entry["shares"] for entry in self.explore("1", "--no-simulation")["importance"]}
        self.assertEqual(max(importance, key=lambda choice: importance[choice]["latency"]), "knob.x")
        self.assertLess(importance["network.weight_bits"]["area"], 0.05)

    def test_energy_of_a_deployment_and_of_the_search(self):
        found = self.explore("1", "--no-simulation", "--inferences", 3600, "--grid", 500)
        chosen = next(point for point in found["front"] if point["id"] == found["chosen"])
        self.assertAlmostEqual(found["deployment"]["kwh"] / (chosen["energy_pj"] * 1e-12 / 1000), 1, places=9)
        self.assertAlmostEqual(found["deployment"]["kg_co2"] / (found["deployment"]["kwh"] * 0.5), 1, places=9)
        done = subprocess.run([str(weft.program()), "explore", self.folder / "space.yaml", "--out", self.folder / "watts",
                               "--no-simulation", "--watts", "65"], capture_output=True, text=True, check=True)
        self.assertTrue(re.search(r"this search: [0-9.e-]+ s of CPU time, [0-9.e-]+ kWh at 65.00 W", done.stderr))


if __name__ == "__main__":
    weft.main()

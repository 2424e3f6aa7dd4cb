"""Does Debian's Optuna open a study, finished or killed, and see the trials, parameters, values and the front?
SPDX-License-Identifier: Apache-2.0
"""
import csv
import json
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

SPACE = """
space: shared
network: {file: tiny_cnn, weight_bits: [2, 4, 8], per: network}
""" + weft.MACHINE + """  knobs:
    buffer: [4 B, 4 KiB, 16 KiB]
    x: [2, 4, 8]
objectives: [latency, energy, area]
mapper: {evaluations: 40}
search: {kind: evolutionary, evaluations: 20, population: 10, seed: 3}
"""

# What Optuna reads, as JSON; runs under Debian's own interpreter, whose packages the test asks about.
PROBE = """
import json, sys
import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)
storage = "sqlite:///" + sys.argv[1]
study = optuna.load_study(study_name=None, storage=storage)
names = [s.study_name for s in optuna.get_all_study_summaries(storage=storage)]
kept = study.user_attrs
print(json.dumps({
    "names": names, "directions": [d.name for d in study.directions], "kept": kept,
    "best": sorted(t.number for t in study.best_trials),
    "trials": [{"number": t.number, "state": t.state.name, "values": t.values, "params": t.params, "attrs": t.user_attrs,
                "choices": {k: list(d.choices) for k, d in t.distributions.items()}} for t in study.trials]}))
"""


def optuna_python():
    """Debian's interpreter, if it has Optuna with the schema that is written; else None."""
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    if python is None:
        return None
    asked = subprocess.run([python, "-c", "import optuna; print(optuna.__version__)"], capture_output=True, text=True,
                           check=False)
    return python if asked.returncode == 0 and asked.stdout.startswith(("3.0.", "3.1.")) else None


class Optuna(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        (self.folder / "space.yaml").write_text(SPACE, encoding="utf-8")

    def tearDown(self):
        self.temporary.cleanup()

    def explore(self, *more):
        weft.run("explore", self.folder / "space.yaml", "--out", self.folder / "study", "--no-simulation", "--jobs", 2,
                 "--quiet", *more)

    def convert(self):
        database = self.folder / "optuna.db"
        weft.run("convert", "weft", self.folder / "study", "--to", "optuna", "--out", database)
        return database

    def front(self):
        with (self.folder / "study/front.csv").open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    def rows(self, database, sql):
        connection = sqlite3.connect(database)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def test_tables_hold_the_study(self):
        self.explore()
        database = self.convert()
        self.assertEqual(self.rows(database, "SELECT number FROM trials ORDER BY trial_id"), [(i,) for i in range(20)])
        states = dict(self.rows(database, "SELECT state, count(*) FROM trials GROUP BY state"))
        self.assertGreater(states["FAIL"], 0)  # a buffer of 4 B holds nothing
        self.assertEqual(states["COMPLETE"] * 3, self.rows(database, "SELECT count(*) FROM trial_values")[0][0])
        for row in self.front():
            values = self.rows(database, "SELECT v.value FROM trials t JOIN trial_values v USING (trial_id) WHERE "
                               f"t.number = {row['design']} ORDER BY objective")
            self.assertAlmostEqual(values[0][0] * 1e3, float(row["latency_ms"]), places=12)
            self.assertAlmostEqual(values[1][0] * 1e-6, float(row["energy_uj"]), places=9)

    def test_same_bytes_from_threads_shards_and_pieces(self):
        self.explore()
        whole = self.convert().read_bytes()
        shutil.rmtree(self.folder / "study")
        self.explore("--shard", "1/2", "--budget", 12)
        self.explore("--shard", "2/2", "--budget", 12)
        self.explore("--resume")
        self.assertEqual(self.convert().read_bytes(), whole)

    def test_a_killed_study_is_read_as_far_as_it_went(self):
        self.explore()
        journal = self.folder / "study/journal/evaluations.jsonl"
        lines = journal.read_bytes().split(b"\n")
        journal.write_bytes(b"\n".join(lines[:8]) + b"\n" + lines[8][:20])
        (self.folder / "study/results.sqlite").unlink()
        self.assertEqual(self.rows(self.convert(), "SELECT count(*) FROM trials"), [(7,)])
        self.assertTrue(journal.read_bytes().endswith(lines[8][:20]))  # nothing is written into the study

    def test_optuna_reads_it(self):
        python = optuna_python()
        if python is None:
            print("not checked with Optuna itself: no python3-optuna 3.0 or 3.1 (apt-get install python3-optuna)")
            self.skipTest("no python3-optuna")
        self.explore()
        done = subprocess.run([python, "-c", PROBE, self.convert()], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = json.loads(done.stdout)
        self.assertEqual(seen["names"], ["shared"])
        self.assertEqual(seen["directions"], ["MINIMIZE"] * 3)
        self.assertEqual(seen["kept"]["objectives"], ["latency_s", "energy_pj", "area_um2"])
        self.assertEqual(seen["kept"]["seed"], 3)
        self.assertEqual(len(seen["trials"]), 20)
        front = sorted(int(row["design"]) for row in self.front())
        self.assertEqual(seen["best"], front)  # its domination is ours
        self.assertEqual(sorted(t["number"] for t in seen["trials"] if t["attrs"]["front"]), front)
        for trial in seen["trials"]:
            self.assertEqual(set(trial["params"]), {"network.weight_bits", "knob.buffer", "knob.x"})
            self.assertEqual(trial["choices"]["knob.buffer"], ["4 B", "4 KiB", "16 KiB"])
            self.assertEqual(trial["choices"]["network.weight_bits"], [2, 4, 8])
            self.assertEqual(trial["state"], "COMPLETE" if trial["attrs"]["complete"] else "FAIL")
            self.assertEqual(trial["params"]["knob.buffer"] == "4 B", trial["state"] == "FAIL")
        for row in self.front():
            trial = seen["trials"][int(row["design"])]
            self.assertEqual(trial["params"]["knob.x"], row["x"])
            self.assertEqual(trial["params"]["network.weight_bits"], float(row["weight_bits"]))


if __name__ == "__main__":
    weft.main()

"""Is a report one well-formed page that needs no network and holds exactly the data it is about?
SPDX-License-Identifier: Apache-2.0
"""
import json
import re
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path

import weft

VOID = {"meta", "br", "input", "link", "img", "hr"}
SHAPES = {"path", "rect", "circle"}  # of drawings; they may end themselves
SPACE = "quickstart"


class Page(HTMLParser):
    """Checks that tags close in order; keeps ids, links and the embedded data."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.targets, self.loads, self.scripts, self.problems = [], set(), set(), [], [], []
        self.text = text
        self.feed(text)
        self.close()
        self.problems += [f"not closed: {tag}" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            if values["id"] in self.ids:
                self.problems.append(f"id twice: {values['id']}")
            self.ids.add(values["id"])
        self.targets.update([values["href"]] if tag == "a" else [])
        self.loads += [values[key] for key in ("src", "srcset", "data", "poster") if key in values]
        self.loads += [values["href"]] if tag != "a" and "href" in values else []
        if tag == "script":
            self.scripts.append([values.get("type", ""), ""])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        if tag not in SHAPES:
            self.problems.append(f"<{tag}/> does not close in HTML")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1][1] += data

    def embedded(self):
        texts = [text for kind, text in self.scripts if kind == "application/json"]
        return json.loads(texts[0])


class Report(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def check(self, file):
        text = file.read_text(encoding="utf-8")
        page = Page(text)
        self.assertEqual(page.problems, [])
        self.assertEqual(page.open, [])
        self.assertEqual(page.loads, [])
        for target in page.targets:
            self.assertTrue(target.startswith("#") and target[1:] in page.ids, target)
        self.assertIn("default-src 'none'", text)
        style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
        self.assertNotRegex(style, r"url\(|@import")
        self.assertLess(len(text), 15 << 20)
        return page

    def run_report(self, name, *words):
        source = self.folder / f"{name}.json"
        source.write_bytes(weft.run(*words, "--format", "json"))
        said = weft.run("report", source)
        self.assertIn(b"report written to", said)
        return self.check(self.folder / f"{name}.html"), json.loads(source.read_text(encoding="utf-8"))

    def test_runs(self):
        tiny = ["--network", "tiny_cnn", "--budget", "100"]
        for name, words in {"estimate": ["estimate", "--arch", "eyeriss", *tiny],
                            "simulate": ["simulate", "--arch", "gemmini", *tiny],
                            "map": ["map", "--arch", "gemmini", "--search", "constructive", *tiny]}.items():
            page, source = self.run_report(name, *words)
            self.assertEqual(page.embedded()["run"], source, name)
            self.assertIsNone(page.embedded()["study"])
            self.assertLessEqual({"chart-energy", "chart-cycles", "chart-roofline", "accelerator"}, page.ids)
            self.assertEqual("chart-stalls" in page.ids, name == "simulate")
            for layer in source["layers"]:
                if layer["loop_nest"]:
                    self.assertIn(layer["loop_nest"].split("\n")[0].replace("<", "&lt;"), page.text)

    # The bins say what the components' totals say, and no bin is more than full.
    def test_time(self):
        page, source = self.run_report("time", "simulate", "--arch", "eyeriss", "--network", "tiny_cnn", "--budget", 100)
        run = source["network"]["back_to_back"]
        timeline, parts = run["timeline"], {part["name"]: part for part in run["components"]}
        self.assertIn("time", page.ids)

        def total(bins):
            return sum(bins) * timeline["bin_cycles"]

        self.assertAlmostEqual(total(timeline["working"]) / parts["array"]["busy"], 1, delta=0.01)
        for port, bins in timeline["ports"].items():
            self.assertAlmostEqual(total(bins), parts[port]["busy"], delta=0.01 * run["cycles"], msg=port)
        for i, working in enumerate(timeline["working"]):
            self.assertLessEqual(working + sum(bins[i] for bins in timeline["waiting"].values()), 1.001)
        for buffer in timeline["buffers"]:
            self.assertLessEqual(max(buffer["taken"]), buffer["places"] + 1e-3)
            self.assertGreater(max(buffer["taken"]), 0)

    # A unit's share of the temporal iterations: all of them together are the MACs.
    def test_array(self):
        _, source = self.run_report("array", "estimate", "--arch", "eyeriss", "--network", "alexnet", "--search",
                                    "constructive")
        for layer in source["layers"]:
            if layer["array"] is not None:
                array = layer["array"]
                self.assertEqual((array["x"], array["y"], len(array["share"])), (14, 12, 168))
                self.assertLessEqual(max(array["share"]), 1)
                iterations = layer["macs"] / sum(array["share"])  # each takes a cycle or more
                self.assertGreaterEqual(layer["cycles"], 0.99 * iterations)
                self.assertGreaterEqual(iterations, layer["macs"] / 168)

    def test_slope(self):
        run, slope = self.folder / "run.json", self.folder / "slope.json"
        run.write_bytes(weft.run("estimate", "--arch", "gemmini", "--network", "mlp", "--budget", 50, "--format", "json"))
        slope.write_bytes(weft.run("map", "--arch", "gemmini", "--network", "mlp", "--ski-slope", "--format", "json"))
        weft.run("report", run, "--slope", slope)
        page = self.check(self.folder / "run.html")
        self.assertEqual(page.embedded()["ski_slope"], json.loads(slope.read_text(encoding="utf-8"))["ski_slope"])
        self.assertIn("slope", page.ids)
        weft.run("report", run, "--slope", run, exit_code=2)

    def test_hostile_names(self):
        network = self.folder / "net.yaml"
        network.write_text('network: "</script><script>alert(1)</script>"\n'
                           'layers:\n  - {name: "<img src=x>", kind: linear, in: 4, out: 4}\n', encoding="utf-8")
        page, source = self.run_report("hostile", "estimate", "--arch", "gemmini", "--network", network, "--budget", "50")
        self.assertEqual(page.embedded()["run"], source)
        self.assertNotIn("alert(1)</script>", page.text)
        self.assertNotIn("<img", page.text)

    def test_study(self):
        study = self.folder / "study"
        weft.run("explore", SPACE, "--out", study, "--budget", 12, "--no-simulation", "--jobs", 2)
        weft.run("report", study)
        page = self.check(study / "report.html")
        data = json.loads(weft.run("report", study, "--format", "json"))
        self.assertEqual(page.embedded(), data)
        front = [row.split(",")[0] for row in (study / "front.csv").read_text().splitlines()[1:]]
        self.assertEqual([str(data["study"]["designs"][i]) for i in data["study"]["front"]], front)
        journal = [json.loads(line) for line in (study / "journal/evaluations.jsonl").read_text().splitlines()[1:]]
        energy = next(f for f in data["study"]["figures"] if f["name"] == "energy_pj")
        # Threads write the journal in the order in which they are done.
        self.assertEqual(sorted(energy["values"]), sorted(line["points"][0]["energy_pj"] for line in journal))
        self.check_chosen(data)
        self.check_search(data["study"], len(journal))

    # The chosen design, priced again, costs what the study says.
    def check_chosen(self, data):
        study, network = data["study"], data["run"]["network"]
        for figure, key in {"energy_pj": "energy_pj", "cycles": "cycles", "latency_s": "latency_s"}.items():
            values = next(f for f in study["figures"] if f["name"] == figure)["values"]
            self.assertAlmostEqual(values[study["chosen"]] / network[key], 1, places=9, msg=figure)

    def check_search(self, study, evaluations):
        volume = study["progress"]["hypervolume"]
        self.assertEqual(volume, sorted(volume))
        self.assertEqual(study["progress"]["evaluations"][-1], evaluations)
        self.assertEqual(study["progress"]["front"][-1], len(study["front"]))
        shares = [entry["share"] for entry in study["importance"] if entry["share"] is not None]
        self.assertTrue(shares and all(0 <= share <= 1 for share in shares))

    def test_validation(self):
        run, errors = self.folder / "run.json", self.folder / "errors.json"
        run.write_bytes(weft.run("estimate", "--arch", "gemmini", "--network", "mlp", "--budget", 50, "--format", "json"))
        errors.write_bytes(weft.run("validate", "timeloop", "nvdla", "--format", "json"))
        weft.run("report", run, "--validation", errors)
        page = self.check(self.folder / "run.html")
        suites = json.loads(errors.read_text(encoding="utf-8"))["suites"]
        expected = [(suite["suite"], series["title"], series["worst_error"]) for suite in suites for series in suite["series"]]
        self.assertEqual([(s["suite"], s["title"], s["worst_error"]) for s in page.embedded()["validation"]], expected)
        self.assertIn("validation", page.ids)

    def test_out(self):
        run = self.folder / "run.json"
        run.write_bytes(weft.run("estimate", "--arch", "gemmini", "--network", "mlp", "--budget", 50, "--format", "json"))
        weft.run("report", run, "--out", self.folder / "new" / "page.html")
        self.check(self.folder / "new" / "page.html")
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["new", "run.json"])


if __name__ == "__main__":
    weft.main()

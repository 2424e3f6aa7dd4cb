"""Do reports work in a browser: no complaint on the console, nothing wider than the window, and do selections made with the
mouse hold what they were drawn around? Skipped without Chromium, or when the charts were not built in.
SPDX-License-Identifier: Apache-2.0
"""
import json
import sys
import tempfile
import unittest
from pathlib import Path

import chromium
import weft

# Fast designs of every size: a small network on arrays and buffers.
SPACE = """
space: little
network: {file: tiny_cnn}
accelerator:
  template: machine.template
  energy: default_45nm
  knobs:
    buffer: [16 KiB, 64 KiB, 256 KiB]
    x: [2, 4, 8]
    speed: [4 B/cycle, 16 B/cycle, 32 B/cycle]
objectives: [latency, energy, area]
mapper: {search: constructive, objective: edp, evaluations: 20}
search: {kind: exhaustive}
"""
MACHINE = """
accelerator: tiny
clock: 1 GHz
technology: 45 nm
levels:
  - name: DRAM
    memory: {kind: dram, width: 64 b, shared_bandwidth: ${speed}}
  - name: buffer
    memory: {capacity: ${buffer}, width: 64 b}
    fanout: {x: ${x}, y: 4}
compute: {weight_width: 8 b, input_width: 8 b, output_width: 32 b}
"""
# With every table scrolled to its end: captions and row names that reach beyond the window or have left it.
HIDDEN = """[...document.querySelectorAll('.scroll')].flatMap((box) => {
  box.scrollLeft = box.scrollWidth;
  return [...box.querySelectorAll('caption span, tr > :first-child')].filter((one) => {
    const {left, right} = one.getBoundingClientRect();
    return left < 0 || right > window.innerWidth;
  }).map((one) => one.textContent);
})"""
COUNT = "document.querySelector('#front-controls span').textContent"
# Where axes stand in the charts of a wide page, in pixels from the edges (web/src/front.js).
PLOT = {"left": 74, "right": 150, "top": 34, "bottom": 52}
PARALLEL = {"left": 50, "right": 96, "top": 76, "bottom": 26}


class Browser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        folder = Path(cls.temporary.name)
        (folder / "little.yaml").write_text(SPACE, encoding="utf-8")
        (folder / "machine.template").write_text(MACHINE, encoding="utf-8")
        weft.run("explore", folder / "little.yaml", "--out", folder / "study", "--no-simulation", "--jobs", 1)
        weft.run("report", folder / "study")
        (folder / "run.json").write_bytes(
            weft.run("simulate", "--arch", "gemmini", "--network", "tiny_cnn", "--budget", 50, "--format", "json"))
        weft.run("report", folder / "run.json")
        cls.study, cls.run_page = folder / "study/report.html", folder / "run.html"
        if "echarts" not in cls.study.read_text(encoding="utf-8"):
            raise unittest.SkipTest("the charts were not built in (npm)")
        cls.data = json.loads(weft.run("report", folder / "study", "--format", "json"))["study"]

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def setUp(self):
        self.browser = chromium.Chromium()

    def tearDown(self):
        self.browser.__exit__()

    def figure(self, name):
        return next(one["values"] for one in self.data["figures"] if one["name"] == name)

    # Designs in the table, by their place in the data.
    def rows(self):
        names = self.browser.value("[...document.querySelectorAll('#designs tbody td:first-child')].map((cell) => cell.textContent)")
        place = {str(design): i for i, design in enumerate(self.data["designs"])}
        return {place[name.lstrip("★◆ ")] for name in names}

    # Opens the study with all designs in the table.
    def open_study(self, width=1280):
        self.browser.window(width)
        self.browser.open(self.study)
        self.browser.click("#designs input")
        self.assertEqual(len(self.rows()), len(self.data["designs"]))

    # Drags between two places inside a chart's axes, said as shares of them; gives what is selected then.
    def dragged(self, chart, edges, start, end):
        x, y, width, height = self.browser.box(f'[data-chart="{chart}"]')

        def pixels(place):
            return (x + edges["left"] + place[0] * (width - edges["left"] - edges["right"]),
                    y + edges["top"] + place[1] * (height - edges["top"] - edges["bottom"]))

        before = self.browser.value(COUNT)
        self.browser.drag(pixels(start), pixels(end))
        self.browser.wait(f"{COUNT} !== {json.dumps(before)}")
        return self.settled()

    # The number that is told and the table agree.
    def settled(self):
        rows = self.rows()
        self.assertEqual(self.browser.value(COUNT), f"{len(rows)} of {len(self.data['designs'])} designs selected")
        return rows

    def cleared(self):
        self.browser.click("#front-controls button")
        self.assertEqual(len(self.rows()), len(self.data["designs"]))

    def test_nothing_is_said_and_everything_fits(self):
        for page, charts in ((self.study, 7), (self.run_page, 5)):
            for width in (1280, 400):
                for scheme in ("light", "dark"):
                    self.browser.window(width, scheme=scheme)
                    self.browser.open(page)
                    self.assertGreaterEqual(self.browser.value("document.querySelectorAll('.live').length"), charts)
                    self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width, (page.name, width))
                    self.assertEqual(self.browser.value(HIDDEN), [], (page.name, width))
            paper = Path(self.temporary.name) / "paper.pdf"
            self.browser.printed(paper)
            self.assertTrue(paper.read_bytes().startswith(b"%PDF"))
        self.assertEqual(self.browser.said, [])

    # Each half of the plot holds the designs of its side, and the two together all.
    def test_rectangle_selects(self):
        self.open_study()
        latency = self.figure("latency_s")
        fast = self.dragged("front", PLOT, (0.0, 0.0), (0.5, 1.0))
        self.cleared()
        slow = self.dragged("front", PLOT, (1.0, 1.0), (0.5, 0.0))
        self.assertTrue(fast and slow)
        self.assertLess(max(latency[i] for i in fast), min(latency[i] for i in slow))
        self.assertEqual(len(fast) + len(slow), len(latency))
        # A drag that begins inside moves the rectangle: to the other half.
        self.assertEqual(self.dragged("front", PLOT, (0.75, 0.5), (0.25, 0.5)), fast)
        x, y, width, height = self.browser.box('[data-chart="front"]')
        self.browser.drag((x + width / 2, y + height / 2), (x + width / 2, y + height / 2), steps=1)
        self.browser.wait(f"!{COUNT}.includes('selected')")  # a click takes it away
        self.assertEqual(self.browser.said, [])

    def test_axis_selects(self):
        self.open_study()
        axes = [figure["name"] for figure in self.data["figures"]]
        axes += [choice["name"] for choice in self.data["choices"] if len(choice["labels"]) > 1]
        area = self.figure("area_um2")
        place = axes.index("area_um2") / (len(axes) - 1)
        large = self.dragged("parallel", PARALLEL, (place, 0.01), (place, 0.5))
        self.assertTrue(0 < len(large) < len(area))
        self.assertLess(max(area[i] for i in range(len(area)) if i not in large), min(area[i] for i in large))
        # Both selections hold at once.
        both = self.dragged("front", PLOT, (0.0, 0.0), (0.5, 1.0))
        self.assertLess(both, large)
        self.cleared()
        self.assertEqual(self.browser.said, [])

    def test_theme(self):
        self.open_study()
        dark = "getComputedStyle(document.body).backgroundColor"
        before = self.browser.value(dark)
        self.browser.click("#theme")
        self.assertNotEqual(self.browser.value(dark), before)
        self.browser.printed(Path(self.temporary.name) / "dark.pdf")
        self.assertNotEqual(self.browser.value(dark), before, "still dark after printing")
        self.assertEqual(self.browser.said, [])


if __name__ == "__main__":
    if chromium.program() is None:
        print("skipped: no Chromium here")
        sys.exit(77)
    weft.main()

"""Do files of other tools run as they are, mean what they mean there, and survive the way there and back?
SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

FORMATS = "tests/fixtures/formats"
TIMELOOP = ["--network", f"timeloop:{FORMATS}/conv1d_problem.yaml", "--mapping", f"timeloop:{FORMATS}/conv1d_mapping.yaml"]
CASE = "configs/validation/timeloop/tl02-conv1d-oc-kspatial"  # the same case in our files, with Timeloop's results


def counts(result):
    layer = result["layers"][0]
    return [level["tensors"] for level in layer["levels"]], layer["cycles"]


class Formats(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def convert(self, *words, out):
        weft.run("convert", *words, "--out", self.folder / out)
        return self.folder / out

    def ours(self):
        return counts(weft.report("estimate", "--arch", f"{CASE}/accelerator.yaml", "--network", f"{CASE}/network.yaml",
                                  "--mapping", f"{CASE}/mapping.yaml", "--convention", "timeloop"))

    def test_timeloop_files_run_unchanged(self):
        for version in (3, 4):
            result = weft.report("estimate", "--arch", f"timeloop:{FORMATS}/conv1d_arch_v{version}.yaml", *TIMELOOP,
                                 "--convention", "timeloop")
            self.assertEqual(counts(result), self.ours(), version)
            # Figures that Timeloop printed for this case: reads and updates of the buffer, cycles.
            buffer = result["layers"][0]["levels"][1]["tensors"]
            self.assertEqual((buffer["inputs"]["reads"], buffer["outputs"]["reads"], buffer["outputs"]["updates"]),
                             (1152, 15872, 16384))
            self.assertEqual(result["layers"][0]["cycles"], 3072)

    # Pads side by side, a fan-out of two containers, and the names that the mapper of that tool writes.
    def test_timeloop_pads_side_by_side(self):
        files = ["--network", f"timeloop:{FORMATS}/rows_problem.yaml", "--mapping", f"timeloop:{FORMATS}/rows_mapping.yaml"]
        result = weft.report("estimate", "--arch", f"timeloop:{FORMATS}/rows_arch_v4.yaml", *files, "--convention", "timeloop")
        layer, names = result["layers"][0], [level["name"] for level in result["accelerator"]["levels"]]
        self.assertEqual(names, ["DRAM", "buffer", "input_pad", "weight_pad", "sum_pad"])
        macs = 8 * 4 * 3 * 3 * 8 * 8
        self.assertEqual((layer["macs"], layer["cycles"]), (macs, macs // (4 * 3)))  # 4 columns, 3 rows
        kept = {level["name"]: {role for role, counts in level["tensors"].items() if counts["fills"] + counts["updates"] > 0}
                for level in layer["levels"][1:]}
        self.assertEqual(kept, {"buffer": {"inputs", "outputs"}, "input_pad": {"inputs"}, "weight_pad": {"weights"},
                                "sum_pad": {"outputs"}})
        # Each of 12 pads takes 12 words whenever M, C or Q goes on outside, 2 x 8 times; while P does they wait.
        self.assertEqual(layer["levels"][3]["tensors"]["weights"]["fills"], 12 * 12 * 2 * 8)
        self.assertTrue(any("'temporal' of the constraints of 'input_pad'" in note for note in result["warnings"]))
        arch = self.convert("timeloop", f"{FORMATS}/rows_arch_v4.yaml", out="rows.yaml")
        again = weft.report("estimate", "--arch", arch, *files, "--convention", "timeloop")
        self.assertEqual(counts(again), counts(result))
        wrong = self.folder / "wrong.yaml"
        text = (weft.ROOT / FORMATS / "rows_mapping.yaml").read_text(encoding="utf-8")
        wrong.write_text(text.replace("inter_row_spatial, type: datatype, keep: []",
                                      "inter_row_spatial, type: datatype, keep: [Inputs]"), encoding="utf-8")
        done = subprocess.run([str(weft.program()), "estimate", "--arch", arch, *files[:2], "--mapping", f"timeloop:{wrong}"],
                              cwd=weft.ROOT, capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("wrong.yaml:6:55: error: 'inter_row_spatial' is a fan-out: it keeps nothing", done.stderr)

    # Constraints that leave one mapping: the search finds it, and it costs what it costs.
    def test_timeloop_constraints(self):
        words = ["--arch", f"timeloop:{FORMATS}/conv1d_arch_v4.yaml", *TIMELOOP[:2], "--convention", "timeloop"]
        constraints = ["--constraints", f"timeloop:{FORMATS}/conv1d_constraints.yaml"]
        result = weft.report("map", *words, *constraints)
        self.assertEqual(counts(result), self.ours())
        self.assertTrue(any("constraints of type 'utilization' are not used" in note for note in result["warnings"]))
        free = weft.report("map", *words)
        self.assertLess(free["network"]["edp_js"], result["network"]["edp_js"])
        unknown = self.folder / "wrong.yaml"
        unknown.write_text("mapspace_constraints:\n  - {target: GlobalBufer, factors: K=2 Z=3}\n", encoding="utf-8")
        done = subprocess.run([str(weft.program()), "map", *words, "--constraints", f"timeloop:{unknown}"], cwd=weft.ROOT,
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("wrong.yaml:2:14: error: unknown target 'GlobalBufer'", done.stderr)

    def test_what_is_not_expressed_is_said(self):
        result = weft.report("estimate", "--arch", f"timeloop:{FORMATS}/conv1d_arch_v3.yaml", *TIMELOOP)
        self.assertTrue(any("conv1d_arch_v3.yaml:18: 'cluster_size'" in note for note in result["warnings"]))
        done = subprocess.run([str(weft.program()), "convert", "maestro", f"{FORMATS}/small.m"], cwd=weft.ROOT,
                              capture_output=True, text=True, check=True)
        self.assertIn("small.m:7: 'Dataflow' of layer 'CONV1' is not used", done.stderr)
        self.assertIn('operator: "TRCONV"', done.stdout)

    def test_converted_files_mean_the_same(self):
        arch = self.convert("timeloop", f"{FORMATS}/conv1d_arch_v3.yaml", out="arch.yaml")
        network = self.convert("timeloop", f"{FORMATS}/conv1d_problem.yaml", out="net.yaml")
        mapping = self.convert("timeloop", f"{FORMATS}/conv1d_mapping.yaml", "--arch", arch, "--network",
                               f"timeloop:{FORMATS}/conv1d_problem.yaml", out="map.yaml")
        result = weft.report("estimate", "--arch", arch, "--network", network, "--mapping", mapping, "--convention",
                             "timeloop")
        self.assertEqual(counts(result), self.ours())

    def test_timeloop_there_and_back(self):
        network, mapping = f"{CASE}/network.yaml", f"{CASE}/mapping.yaml"
        problem = self.convert("weft", network, "--to", "timeloop", out="problem.yaml")
        theirs = self.convert("weft", mapping, "--arch", f"{CASE}/accelerator.yaml", "--network", network, "--to",
                              "timeloop", out="mapping.yaml")
        result = weft.report("estimate", "--arch", f"{CASE}/accelerator.yaml", "--network", f"timeloop:{problem}",
                             "--mapping", f"timeloop:{theirs}", "--convention", "timeloop")
        self.assertEqual(counts(result), self.ours())
        back = self.convert("timeloop", theirs, "--arch", f"{CASE}/accelerator.yaml", "--network", network, out="back.yaml")
        again = weft.report("estimate", "--arch", f"{CASE}/accelerator.yaml", "--network", network, "--mapping", back,
                            "--convention", "timeloop")
        self.assertEqual(counts(again), self.ours())

    def test_searched_mappings_there_and_back(self):
        run = ["--arch", "nvdla_small", "--network", "tiny_cnn", "--layer", "conv1"]
        weft.run("map", *run, "--search", "constructive", "--save", self.folder)
        ours = weft.report("estimate", *run, "--mapping", self.folder / "conv1.yaml")
        theirs = self.convert("weft", self.folder / "conv1.yaml", *run, "--to", "timeloop", out="tl.yaml")
        again = weft.report("estimate", *run, "--mapping", f"timeloop:{theirs}")
        self.assertEqual(counts(again), counts(ours))

    def test_scalesim(self):
        machine, network = f"scalesim:{FORMATS}/array.cfg", f"scalesim:{FORMATS}/topology.csv"
        result = weft.report("estimate", "--arch", machine, "--network", network, "--budget", 50)
        # The MACs that SCALE-Sim counts: positions x filters x window x channels; 'Odd' has ceil(5 / 2) + 1 = 4 positions.
        self.assertEqual([layer["macs"] for layer in result["layers"]],
                         [55 * 55 * 96 * 121 * 3, 27 * 27 * 256 * 25 * 96, 16 * 8 * 9 * 4, 9216 * 4096])
        levels = result["accelerator"]["levels"]
        self.assertEqual([memory["capacity_bits"] for memory in levels[1]["memories"]], [8 << 15, 8 << 16, 8 << 14])
        self.assertEqual((levels[1]["fanout"]["x"], levels[1]["fanout"]["y"]), (8, 16))
        self.assertEqual(levels[0]["memories"][0]["shared_bits_per_cycle"], 80)
        converted = self.convert("scalesim", f"{FORMATS}/topology.csv", out="net.yaml")
        arch = self.convert("scalesim", f"{FORMATS}/array.cfg", out="arch.yaml")
        again = weft.report("estimate", "--arch", arch, "--network", converted, "--budget", 50)
        self.assertEqual([layer["energy_pj"] for layer in again["layers"]], [layer["energy_pj"] for layer in result["layers"]])
        products = weft.report("estimate", "--arch", machine, "--network", f"scalesim:{FORMATS}/gemm.csv", "--budget", 50)
        self.assertEqual([layer["macs"] for layer in products["layers"]], [128 * 64 * 256, 1000 * 2048])

    # A column of batches is no stride; tabs part cells where there are no commas.
    def test_scalesim_columns(self):
        rows = [["Layer name", "IFMAP Height", "IFMAP Width", "Filter Height", "Filter Width", "Channels", "Num Filter",
                 "Strides", "Batch Size"], ["one", "10", "10", "3", "3", "4", "8", "1", "5"]]
        macs = {}
        for mark in (", ", "\t"):
            topology = self.folder / "topology.csv"
            topology.write_text("".join(mark.join(row) + mark.rstrip(" ") + "\n" for row in rows), encoding="utf-8")
            result = weft.report("estimate", "--arch", "gemmini", "--network", f"scalesim:{topology}", "--budget", 50)
            macs[mark] = [layer["macs"] for layer in result["layers"]]
        self.assertEqual(macs, {", ": [5 * 8 * 8 * 8 * 9 * 4], "\t": [5 * 8 * 8 * 8 * 9 * 4]})

    def test_maestro(self):
        result = weft.report("estimate", "--arch", "eyeriss", "--network", f"maestro:{FORMATS}/small.m", "--budget", 50)
        self.assertEqual([layer["macs"] for layer in result["layers"]], [112 * 112 * 32 * 27, 112 * 112 * 32 * 9])
        self.assertEqual(result["unknown_operators"], [{"op_type": "TRCONV", "node": "UP"}])

    def test_onnx(self):
        model = sorted((weft.ROOT / "tests/fixtures/onnx").glob("*.onnx"))[0]
        network = self.convert("onnx", model, out="net.yaml")
        run = ["--arch", "gemmini", "--budget", 50]
        direct = weft.report("estimate", *run, "--network", model)
        again = weft.report("estimate", *run, "--network", network)
        self.assertEqual(json.dumps(again["network"]["levels"]), json.dumps(direct["network"]["levels"]))


if __name__ == "__main__":
    weft.main()

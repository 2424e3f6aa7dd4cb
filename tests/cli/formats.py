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

"""Does what weft compress writes run as it is, with the zeros that it made, and compute the right numbers?
SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import onnx_writer
import weft


class Compress(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.model = self.folder / "small.onnx"
        self.model.write_bytes(onnx_writer.small_cnn())

    def tearDown(self):
        self.temporary.cleanup()

    def compress(self, *words, network=None):
        text = weft.run("compress", network or self.model, "--out", self.folder / "out", "--format", "json", *words)
        return json.loads(text)

    def simulate(self, file):
        report = weft.report("simulate", "--arch", "sigma_like", "--network", file)
        self.assertTrue(all(layer["simulation"]["outputs_equal"] for layer in report["layers"] if layer["macs"]))
        return report

    def test_pruned_words_simulate_bit_exactly(self):
        done = self.compress("--prune", "sparse:0.3")
        self.assertEqual(done["run"]["words_known"], 3)
        kept = [step["weights_after"] for step in done["steps"]]
        self.assertEqual(kept, [round(0.3 * n) for n in (432, 4608, 320)])
        self.assertTrue(all(0 < step["error"] < 1 for step in done["steps"]))
        self.simulate(done["file"])
        # From another folder: the weights lie beside the network file.
        here = subprocess.run([str(weft.program()), "check", "--effective", done["file"]], cwd="/", check=True,
                              capture_output=True, text=True).stdout
        self.assertIn("weights/000-c1.npy", here)

    def test_steps_follow_each_other(self):
        done = self.compress("--channels", "0.5", "--rank", "0.5", "--prune", "2:4", "--share", "16")
        order = [step["step"] for step in done["steps"]]
        self.assertEqual(order, sorted(order, key=["channels", "low-rank", "prune", "share"].index))
        self.assertLess(done["after"]["macs"], done["before"]["macs"] / 3)
        self.assertLess(done["after"]["bytes"], done["before"]["bytes"] / 8)  # 16 values are 4 bits of 8
        self.simulate(done["file"])

    def test_shapes_without_words(self):
        done = self.compress("--prune", "2:4", network="mobilenet_v2")
        self.assertEqual(done["run"]["words_known"], 0)
        self.assertTrue(all(step["error"] is None for step in done["steps"]))
        self.assertAlmostEqual(done["after"]["nonzero_weights"] / done["before"]["nonzero_weights"], 0.5, delta=0.02)

    def test_quantised_models_run_at_their_widths(self):
        for element, bits in ((onnx_writer.INT8, 8), (onnx_writer.INT4, 4)):
            content, words = onnx_writer.quantised_cnn(element)
            self.model.write_bytes(content)
            report = weft.report("simulate", "--arch", "bitfusion", "--network", self.model)
            layer = report["layers"][0]
            self.assertTrue(layer["simulation"]["outputs_equal"])
            effective = weft.run("check", "--effective", self.model).decode()
            self.assertIn(f"weights: {sum(w != 0 for w in words) / len(words)}", effective)
            if bits == 4:
                self.assertIn("bits: {weights: 4, inputs: 8, outputs: 8}", effective)

    def test_consequences_on_a_machine(self):
        done = self.compress("--prune", "sparse:0.2", "--layers", "c2", "--arch", "sigma_like")
        self.assertEqual([step["layer"] for step in done["steps"]], ["c2"])
        self.assertLess(done["after"]["energy_pj"], done["before"]["energy_pj"])
        self.assertLess(done["after"]["cycles"], done["before"]["cycles"])


if __name__ == "__main__":
    weft.main()

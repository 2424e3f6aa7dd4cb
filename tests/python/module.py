"""Does `import weft` do what the program does, and do its examples hold?
SPDX-License-Identifier: Apache-2.0
"""
import ast
import doctest
import inspect
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import weft
from weft import _core

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ["WEFT_PROGRAM"]
QUICK = {"search": "random", "budget": 50}
try:
    import numpy
except ImportError:
    numpy = None


def program(*words):
    done = subprocess.run([PROGRAM, *map(str, words), "--format", "json"], capture_output=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


class Module(unittest.TestCase):
    @unittest.skipIf(numpy is None, "the examples need NumPy")
    def test_examples(self):
        ran = doctest.testmod(weft, extraglobs={"weft": weft}, optionflags=doctest.ELLIPSIS)
        self.assertGreater(ran.attempted, 20)
        self.assertEqual(ran.failed, 0)

    def test_examples_of_the_guide(self):
        ran = doctest.testfile(str(ROOT / "docs/user_guide.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
        self.assertGreater(ran.attempted, 5)
        self.assertEqual(ran.failed, 0)

    def test_says_what_the_program_says(self):
        words = ["--arch", "eyeriss", "--network", "tiny_cnn", "--search", "random", "--budget", 50, "--bits", "8,8"]
        for verb in (weft.estimate, weft.map, weft.simulate):
            self.assertEqual(verb("eyeriss", "tiny_cnn", bits=(8, 8), **QUICK), program(verb.__name__, *words))

    def test_what_is_loaded_is_the_same_machine_and_network(self):
        for arch in ("eyeriss", "gemmini", "nvdla_small", "eyeriss_v2_pe"):
            name = weft.estimate(arch, "tiny_cnn", **QUICK)
            loaded = weft.estimate(weft.load_accelerator(arch), "tiny_cnn", **QUICK)
            self.assertEqual(name["layers"], loaded["layers"], arch)
            self.assertEqual(name["run"]["arch"]["hash"], loaded["run"]["arch"]["hash"])
        name, loaded = (weft.estimate("gemmini", network, **QUICK)
                        for network in ("tiny_cnn", weft.load_network("tiny_cnn")))
        self.assertEqual(name["layers"], loaded["layers"])

    def test_bad_inputs_carry_their_diagnostics(self):
        machine = weft.load_accelerator("gemmini")
        machine["levels"][1]["memories"][0]["capcity"] = "1 KiB"
        machine["clock"] = 7
        with self.assertRaises(weft.InputError) as caught:
            weft.estimate(machine, "tiny_cnn")
        self.assertEqual({said["code"] for said in caught.exception.diagnostics}, {"unknown-key", "bad-unit"})
        for said in caught.exception.diagnostics:
            self.assertGreater(said["line"], 0)
        with self.assertRaisesRegex(weft.InputError, "did you mean '--budget'"):
            weft.estimate("gemmini", "tiny_cnn", bugdet=5)
        with self.assertRaisesRegex(weft.InputError, "unknown-name"):
            weft.load_network("nothing")

    def test_no_mapping_is_a_failure(self):
        machine = weft.load_accelerator("gemmini")
        for memory in machine["levels"][1]["memories"]:
            memory["capacity"] = "1 B"
        with self.assertRaisesRegex(weft.Failed, "no legal mapping"):
            weft.map(machine, "tiny_cnn", layer="conv1")

    def test_a_study_can_be_ended_and_goes_on(self):
        with tempfile.TemporaryDirectory() as folder:
            ended = weft.explore("quickstart", folder, progress=lambda done, total, note: done < 10, budget=200,
                                 no_simulation=True)
            self.assertTrue(ended["stopped"])
            self.assertLess(ended["evaluated"], 200)
            whole = weft.explore("quickstart", folder, resume=True, budget=60, no_simulation=True)
            self.assertEqual((whole["evaluated"], whole["stopped"]), (60, False))
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(weft.explore("quickstart", folder, budget=60, no_simulation=True)["front"], whole["front"])

    def test_what_a_callback_throws_arrives(self):
        def refuse(done, total, note):
            raise LookupError("enough")

        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(LookupError, "enough"):
            weft.explore("quickstart", folder, progress=refuse, budget=40, no_simulation=True)

    def test_a_signal_ends_a_call(self):
        timer = threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            weft.map("eyeriss", "resnet50", search="annealing", budget=100000000, jobs=1)
        timer.join()

    def test_several_simulations_in_one_session(self):
        first, second = (weft.simulate("gemmini", "tiny_cnn", layer="conv1", **QUICK) for _ in range(2))
        self.assertEqual(first, second)

    def test_the_stub_names_what_is_there(self):
        stub = ast.parse((Path(weft.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))
        typed = {node.name for node in stub.body if isinstance(node, ast.FunctionDef)}
        self.assertEqual(typed, {name for name, _ in inspect.getmembers(_core, inspect.isbuiltin)})
        for name in weft.__all__:
            self.assertTrue(getattr(weft, name).__doc__, name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)

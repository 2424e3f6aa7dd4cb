"""Does an installed Weft stand on its own: the program with its presets, and the libraries for another program?
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPTIONS = argparse.Namespace()


def run(*words, **extra):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **extra)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, words))}: exit code {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.prefix = Path(cls.temporary.name) / "prefix"
        run("cmake", "--install", OPTIONS.build, "--prefix", cls.prefix)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_program_finds_its_presets(self):
        weft = self.prefix / "bin/weft"
        doctor = run(weft, "doctor", cwd=self.temporary.name)
        self.assertIn(str(self.prefix / "share/weft/configs"), doctor)
        result = json.loads(run(weft, "estimate", "--arch", "gemmini", "--network", "tiny_cnn", "--budget", "50", "--format",
                                "json", cwd=self.temporary.name))
        self.assertGreater(result["network"]["cycles"], 0)

    def test_manual_and_completions(self):
        self.assertTrue((self.prefix / "share/man/man1/weft.1").read_text().startswith(".TH WEFT 1"))
        self.assertIn("_weft", (self.prefix / "share/bash-completion/completions/weft").read_text())
        self.assertTrue((self.prefix / "share/zsh/vendor-completions/_weft").read_text().startswith("#compdef"))

    def test_libraries_serve_another_program(self):
        build = Path(self.temporary.name) / "consumer"
        run("cmake", "-S", HERE / "consumer", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_CXX_COMPILER={OPTIONS.compiler}", f"-DCMAKE_CXX_FLAGS={OPTIONS.flags}")
        run("cmake", "--build", build)
        configs = self.prefix / "share/weft/configs"
        cycles = run(build / "consumer", "gemmini", env={**os.environ, "WEFT_CONFIGS": str(configs)})
        self.assertGreater(int(cycles), 64 * 64 * 64 // 256 - 1)
        cycles = run(build / "platform", "gemmini", env={**os.environ, "WEFT_CONFIGS": str(configs)})
        self.assertGreater(int(cycles), 32 * 32 * 32 // 256 - 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--compiler", default="c++")
    parser.add_argument("--flags", default="")
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=["install.py", *rest])

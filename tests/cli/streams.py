"""Does the program behave in a pipe: results on standard output, the rest on standard error, no complaint
when nobody reads on, one when the disk is full?
SPDX-License-Identifier: Apache-2.0
"""
import re
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import weft


# What the address sanitizer says of SystemC's stacks (tests/README.md): no word of the program's.
OF_STACKS = re.compile(r"==\d+==WARNING: ASan is ignoring requested __asan_handle_no_return.*\nFalse positive.*\nFor details.*\n")


def shell(line):
    return subprocess.run(["bash", "-c", "set -o pipefail; " + line.replace("weft", str(weft.program()))], cwd=weft.ROOT,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=weft.SECONDS)


class Streams(unittest.TestCase):
    def test_reader_that_stops(self):
        done = shell("weft list networks | head -1; weft list networks | true")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_full_disk(self):
        done = shell("weft list archs > /dev/full")
        self.assertEqual(done.returncode, 2)
        self.assertIn("[cannot-write]", done.stderr)

    def test_no_noise(self):
        """No banner of libraries, and no progress bar outside a terminal."""
        words = "--arch tests/error/machine.yaml --network tests/error/net.yaml --budget 50"
        self.assertEqual(shell(f"weft estimate {words}").stderr, "")
        simulated = shell(f"weft simulate {words}")
        self.assertRegex(OF_STACKS.sub("", simulated.stderr), r"^simulated [^\n]*/s\n$")
        self.assertTrue(simulated.stdout.startswith("weft "))

    def test_help(self):
        for verb in ("", "estimate", "map", "simulate", "explore", "check", "list", "validate"):
            self.assertIn("--help", shell(f"weft {verb} --help").stdout)
        self.assertRegex(shell("weft --version").stdout, r"^weft \d+\.\d+\.\d+ \(\w+\+?\)\n.*SystemC.*\n$")

    def test_anchors_that_explode(self):
        """Each line of the bomb means ten times the one before; 100 MB of such lines must cost nothing."""
        with tempfile.TemporaryDirectory() as folder:
            bomb = Path(folder) / "bomb.yaml"
            with open(bomb, "w", encoding="utf-8") as file:
                file.write("a0: &a0 [x]\n")
                line = 0
                while file.tell() < 100_000_000:
                    line += 1
                    file.write(f"a{line}: &a{line} [" + ", ".join([f"*a{line - 1}"] * 10) + "]\n")
            small = Path(folder) / "small.yaml"
            with open(bomb, encoding="utf-8") as source:
                small.write_text(source.read(8_000_000), encoding="utf-8")
            for file, code in ((bomb, "[too-large]"), (small, "[yaml-anchor]")):
                before = time.monotonic()
                done = shell(f"weft check {file}")
                self.assertLess(time.monotonic() - before, 10)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(code, done.stderr)
                self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    weft.main()

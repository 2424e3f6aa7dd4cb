"""Does a simulation that dies or takes too long leave the others alone, and does `weft simulate` say so?
SPDX-License-Identifier: Apache-2.0
"""
import resource
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

# Tens of seconds of arithmetic beside milliseconds.
NETWORK = """
network: uneven
layers:
  - {name: small, kind: conv, in: [2, 48, 48], out: 1024}
  - {name: large, kind: conv, in: [1024, 48, 48], out: 1024, kernel: 3, padding: 1}
  - {name: smaller, kind: conv, in: [1024, 48, 48], out: 1}
"""


class Workers(unittest.TestCase):
    def simulate(self, *words, before=None):
        with tempfile.TemporaryDirectory() as folder:
            network = Path(folder) / "uneven.yaml"
            network.write_text(NETWORK, encoding="utf-8")
            command = [str(weft.program()), "simulate", "--arch", "tests/error/machine.yaml", "--network", str(network),
                       "--search", "random", "--budget", "20", "--jobs", "2", *words]
            return subprocess.run(command, cwd=weft.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=weft.SECONDS, preexec_fn=before)

    def lines_of(self, done):
        self.assertEqual(done.stdout, "")
        return {line.split(":")[0]: line for line in done.stderr.splitlines()}

    def test_crash(self):
        """The system kills a process after two seconds of arithmetic."""
        done = self.simulate(before=lambda: resource.setrlimit(resource.RLIMIT_CPU, (2, 60)))
        self.assertEqual(done.returncode, 70, done.stderr)
        lines = self.lines_of(done)
        self.assertRegex(lines["layer 'large'"], r"not simulated, its process died of signal \d+ \(CPU time limit")
        for name in ("small", "smaller"):
            self.assertRegex(lines[f"layer '{name}'"], r": \d+ cycles$")

    def test_hang(self):
        done = self.simulate("--time-limit", "6")
        self.assertEqual(done.returncode, 1, done.stderr)
        lines = self.lines_of(done)
        self.assertIn("not simulated, it took longer than 6 s", lines["layer 'large'"])
        for name in ("small", "smaller"):
            self.assertRegex(lines[f"layer '{name}'"], r": \d+ cycles$")


if __name__ == "__main__":
    weft.main()

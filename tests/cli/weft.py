"""Runs the program for the tests of this folder; each script is a unittest and takes --weft PROGRAM first.
SPDX-License-Identifier: Apache-2.0
"""
import json
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
# The accelerator of small spaces, as far as their knobs `buffer` and `x`.
MACHINE = """
accelerator:
  text: |
    accelerator: tiny
    clock: 1 GHz
    levels:
      - name: DRAM
        memory: {kind: dram, width: 64 b, shared_bandwidth: 8 B/cycle}
      - name: buffer
        memory: {capacity: ${buffer}, width: 64 b}
        fanout: {x: ${x}, y: 4}
"""
_program = ROOT / "build/release/weft"


def program():
    return _program


def run(*words, exit_code=0, timeout=SECONDS):
    """Standard output, as bytes; the exit code must be the expected one."""
    done = subprocess.run([str(_program), *map(str, words)], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout)
    if done.returncode != exit_code:
        raise AssertionError(f"weft {' '.join(map(str, words))}: exit code {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


def report(*words):
    return json.loads(run(*words, "--format", "json"))


def main():
    global _program
    if len(sys.argv) > 2 and sys.argv[1] == "--weft":
        _program = Path(sys.argv[2]).resolve()
        del sys.argv[1:3]
    unittest.main()

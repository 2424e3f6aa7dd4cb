"""Does the same command print the same bytes, however many threads it uses?
SPDX-License-Identifier: Apache-2.0
"""
import tempfile
import unittest
from pathlib import Path

import weft

NETWORK = ["--arch", "eyeriss", "--network", "tiny_cnn", "--budget", "200"]


class SameBytes(unittest.TestCase):
    def test_twice(self):
        for verb in ("estimate", "map", "simulate"):
            for form in ("text", "json", "csv"):
                with self.subTest(verb=verb, form=form):
                    command = [verb, *NETWORK, "--format", form]
                    first = weft.run(*command)
                    self.assertGreater(len(first), 100)
                    self.assertEqual(first, weft.run(*command))

    def test_threads(self):
        for verb in ("estimate", "map", "simulate"):
            with self.subTest(verb=verb):
                command = [verb, *NETWORK, "--format", "json"]
                one = weft.run(*command, "--jobs", "1")
                for jobs in ("2", "8"):
                    self.assertEqual(one, weft.run(*command, "--jobs", jobs))

    def test_study(self):
        """Threads change nothing, and a resumed study ends where an uninterrupted one does."""
        with tempfile.TemporaryDirectory() as folder:
            def explore(name, *more):
                out = Path(folder) / name
                stdout = weft.run("explore", "tests/error/space.yaml", "--out", out, "--format", "json", *more)
                return stdout, (out / "front.csv").read_bytes()

            one = explore("one", "--jobs", "1")
            self.assertGreater(len(one[1].splitlines()), 1)
            self.assertEqual(one, explore("two", "--jobs", "2"))
            journal = Path(folder) / "two/journal/evaluations.jsonl"
            lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
            journal.write_text("".join(lines[:-2]), encoding="utf-8")
            self.assertEqual(one, explore("two", "--resume"))

    def test_seed_is_used(self):
        """Otherwise the tests above would say nothing about it."""
        command = ["estimate", *NETWORK, "--search", "random", "--format", "csv"]
        self.assertNotEqual(weft.run(*command, "--seed", "1"), weft.run(*command, "--seed", "2"))


if __name__ == "__main__":
    weft.main()

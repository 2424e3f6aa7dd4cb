"""Does the same command print the same bytes, however many threads it uses?
SPDX-License-Identifier: Apache-2.0
"""
import unittest

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
                self.assertEqual(weft.run(*command, "--jobs", "1"), weft.run(*command, "--jobs", "2"))

    def test_seed_is_used(self):
        """Otherwise the tests above would say nothing about it."""
        command = ["estimate", *NETWORK, "--search", "random", "--format", "csv"]
        self.assertNotEqual(weft.run(*command, "--seed", "1"), weft.run(*command, "--seed", "2"))


if __name__ == "__main__":
    weft.main()

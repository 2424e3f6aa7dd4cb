"""Does a study survive what happens to it: kill -9, Ctrl-C, a full disk, processes that share it?
SPDX-License-Identifier: Apache-2.0
"""
import random
import resource
import signal
import subprocess
import tempfile
import time
import unittest
import zlib
from pathlib import Path

import weft

SPACE = """
space: crash
network: {file: tiny_cnn, weight_bits: [2, 4, 8], activation_bits: [4, 8]}
""" + weft.MACHINE + """  knobs:
    buffer: [4 KiB, 8 KiB, 16 KiB, 32 KiB, 64 KiB, 128 KiB]
    x: [2, 4, 6, 8, 12, 16]
objectives: [latency, energy, area]
mapper: {evaluations: 80}
search: {kind: evolutionary, evaluations: 150, population: 20, seed: 3}
"""


def intact(journal):
    """Whole lines of a journal; each must have the right checksum."""
    lines = journal.read_bytes().split(b"\n")
    for line in lines[:-1]:
        body, mark, crc = line.rpartition(b',"crc":"')
        assert mark and crc == b'%08x"}' % zlib.crc32(body), line
    return len(lines) - 1


class Crash(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        (self.folder / "space.yaml").write_text(SPACE, encoding="utf-8")

    def tearDown(self):
        self.temporary.cleanup()

    def command(self, out, *more):
        return [str(weft.program()), "explore", self.folder / "space.yaml", "--out", self.folder / out, "--no-simulation",
                "--jobs", "2", *more]

    def run_to_the_end(self, out, *more):
        done = subprocess.run(self.command(out, *more), capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def front(self, out):
        return (self.folder / out / "front.csv").read_bytes()

    def test_twenty_kills(self):
        self.run_to_the_end("whole")
        rng = random.Random(7)
        kills = 0
        known = 0
        while kills < 20:
            more = ["--resume"] if (self.folder / "killed/journal/evaluations.jsonl").exists() else []
            process = subprocess.Popen(self.command("killed", *more), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(rng.uniform(0.0, 0.15))
            process.kill()
            process.wait()
            kills += 1
            journal = self.folder / "killed/journal/evaluations.jsonl"
            if journal.exists():
                count = intact(journal)
                self.assertGreaterEqual(count, known, "an evaluation was lost")
                known = count
        more = ["--resume"] if (self.folder / "killed/journal/evaluations.jsonl").exists() else []
        self.run_to_the_end("killed", *more)
        self.assertEqual(self.front("whole"), self.front("killed"))

    def test_interrupt(self):
        process = subprocess.Popen(self.command("stopped"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (self.folder / "stopped/journal/evaluations.jsonl").exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, notes = process.communicate(timeout=60)
        self.assertIn(process.returncode, (0, 130))  # 0: it was through already
        if process.returncode == 130:
            self.assertIn("--resume", notes)
        self.run_to_the_end("stopped", "--resume")
        self.run_to_the_end("whole")
        self.assertEqual(self.front("whole"), self.front("stopped"))

    def test_full_disk(self):
        """The journal may not grow beyond 4 KiB: the study stops with a message, and goes on later."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        done = subprocess.run(self.command("full"), capture_output=True, text=True, timeout=300, preexec_fn=limit)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("cannot-write", done.stderr)
        self.assertIn("--resume", done.stderr)
        self.run_to_the_end("full", "--resume")
        self.run_to_the_end("whole")
        self.assertEqual(self.front("whole"), self.front("full"))

    def test_shards(self):
        """Three processes, of which one is killed, end in the front of one process."""
        shards = [subprocess.Popen(self.command("shards", "--shard", f"{i}/3"), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL) for i in (1, 2, 3)]
        time.sleep(0.1)
        shards[1].kill()
        codes = [shard.wait(timeout=300) for shard in shards]
        self.assertEqual((codes[0], codes[2]), (0, 0))
        self.run_to_the_end("whole")
        self.assertEqual(self.front("whole"), self.front("shards"))


if __name__ == "__main__":
    weft.main()

"""Does the program say so when a folder is read-only, from the start or from some moment on, and lose nothing?
Permissions do not bind root: where there may be namespaces the folder is mounted read-only, and where another user can run
the program that user may not write. Without either the test is skipped and says so.
SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import crash
import weft

SKIPPED = 77
NOBODY = 65534
SEAL = 'mount --bind "$OUT" "$OUT" && mount -o remount,bind,ro "$OUT"'
# When the first evaluation is in the journal; the program is held while its folder is sealed, so that it cannot be through before.
LATE = ('"$@" & program=$!\n'
        'until [ "$(cat "$OUT/journal/evaluations.jsonl" 2>/dev/null | wc -l)" -gt 1 ]; do\n'
        'kill -0 $program || exit 99; sleep 0.01; done\n'
        'kill -STOP $program; {seal} || exit 98\nkill -CONT $program; wait $program')


class Mounted:
    """A mount namespace of its own, in which the folder is mounted over itself, read-only."""

    def run(self, out, command, late):
        script = LATE.replace("{seal}", SEAL) if late else f'{SEAL} || exit 98; exec "$@"'
        return shell(["unshare", "-rm"], script, out, command)

    def own(self, folder):
        pass

    def open_again(self, folder):
        pass


class Forbidden:
    """A user who may not write there: ourselves, or somebody else where we are root."""
    prefix = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"] if os.geteuid() == 0 else []

    def run(self, out, command, late):
        seal = 'chmod -R a-w "$OUT"'
        script = LATE.replace("{seal}", seal) if late else f'{seal} || exit 98; exec "$@"'
        return shell(self.prefix, script, out, command)

    def own(self, folder):
        folder.chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            if self.prefix:
                os.chown(path, NOBODY, NOBODY)

    def open_again(self, folder):
        for path in [folder, *folder.rglob("*")]:
            path.chmod(path.stat().st_mode | 0o200)


def shell(prefix, script, out, command):
    return subprocess.run([*prefix, "sh", "-c", script, "sh", *map(str, command)], env={**os.environ, "OUT": str(out)},
                          cwd=weft.ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=weft.SECONDS)


class ReadOnly(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        (self.folder / "space.yaml").write_text(crash.SPACE, encoding="utf-8")
        (self.folder / "out").mkdir()

    def tearDown(self):
        self.temporary.cleanup()

    def explore(self, out, *more):
        return [weft.program(), "explore", self.folder / "space.yaml", "--out", out, "--no-simulation", "--jobs", "2",
                "--budget", "600", *more]

    def refused(self, done):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("[cannot-write]", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_from_the_start(self):
        out = self.folder / "out"
        words = ["--arch", "tests/error/machine.yaml", "--network", "tests/error/net.yaml", "--budget", "20"]
        commands = {"explore": self.explore(out),
                    "save": [weft.program(), "map", *words, "--save", out / "mappings"],
                    "trace": [weft.program(), "simulate", *words, "--trace", out / "trace.json"],
                    "init": [weft.program(), "init", "accelerator", out / "machine.yaml"]}
        for way in WAYS:
            way.own(self.folder)
            for name, command in commands.items():
                with self.subTest(way=type(way).__name__, command=name):
                    self.refused(way.run(out, command, late=False))
                    self.assertEqual(list(out.iterdir()), [])
            way.open_again(self.folder)

    def test_while_a_study_runs(self):
        """What is evaluated stays in the journal, and resuming ends in the front of an undisturbed study."""
        whole = subprocess.run(list(map(str, self.explore(self.folder / "whole"))), capture_output=True, text=True,
                               timeout=weft.SECONDS)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        for way in WAYS:
            with self.subTest(way=type(way).__name__):
                out = self.folder / f"out_{type(way).__name__}"
                out.mkdir()
                way.own(self.folder)
                done = way.run(out, self.explore(out), late=True)
                self.refused(done)
                self.assertIn("--resume", done.stderr)
                kept = crash.intact(out / "journal/evaluations.jsonl") - 1
                self.assertEqual(sorted(path.name for path in out.iterdir()), ["journal", "study.yaml"])
                way.open_again(self.folder)
                again = subprocess.run(list(map(str, self.explore(out, "--resume"))), capture_output=True, text=True,
                                       timeout=weft.SECONDS)
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertIn(f"{kept} evaluations taken from the journal", again.stderr)
                self.assertEqual((out / "front.csv").read_bytes(), (self.folder / "whole/front.csv").read_bytes())


def works(way):
    """Is a folder that this way seals one into which the program cannot write?"""
    if any(shutil.which(word) is None for word in (["unshare"] if isinstance(way, Mounted) else way.prefix[:1])):
        return False
    with tempfile.TemporaryDirectory() as root:
        out = Path(root) / "out"
        out.mkdir()
        way.own(Path(root))
        if way.run(out, [weft.program(), "--version"], late=False).returncode != 0:
            return False
        done = way.run(out, ["touch", out / "file"], late=False)
        way.open_again(Path(root))
        return done.returncode == 1


WAYS = []


def setUpModule():
    WAYS.extend(way for way in (Mounted(), Forbidden()) if works(way))
    if not WAYS:
        print("skipped: neither a mount namespace nor another user is to be had here", flush=True)
        os._exit(SKIPPED)


if __name__ == "__main__":
    weft.main()

"""Does a study end the same under mpirun, with one process or three?
Without MPI (not built in, or no mpirun) it is skipped and says so.
SPDX-License-Identifier: Apache-2.0
"""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

SKIPPED = 77


def environment():
    """mpirun starts as root only where it is told to, and on as few cores as there are."""
    return {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl_base_warn_component_unused": "0"}


def explore(ranks, folder, *more):
    command = [str(weft.program()), "explore", "tests/error/space.yaml", "--out", folder, "--no-simulation", *more]
    if ranks > 0:
        command = ["mpirun", "-n", str(ranks), *command, "--mpi"]
    run = subprocess.run([str(word) for word in command], cwd=weft.ROOT, env=environment(), capture_output=True,
                         text=True, timeout=300, check=False)
    return run


class Mpi(unittest.TestCase):
    def test_the_front_is_the_same(self):
        with tempfile.TemporaryDirectory() as root:
            plain = explore(0, Path(root) / "plain")
            self.assertEqual(plain.returncode, 0, plain.stderr)
            front = (Path(root) / "plain/front.csv").read_bytes()
            self.assertGreater(len(front.splitlines()), 1)
            for ranks in (1, 3):
                with self.subTest(ranks=ranks):
                    out = Path(root) / f"ranks{ranks}"
                    run = explore(ranks, out)
                    self.assertEqual(run.returncode, 0, run.stderr)
                    self.assertEqual((out / "front.csv").read_bytes(), front)
                    self.assertEqual((out / "trace.csv").read_bytes(), (Path(root) / "plain/trace.csv").read_bytes())
                    self.assertEqual(run.stdout, plain.stdout.replace(str(Path(root) / "plain"), str(out)))

    def test_it_resumes(self):
        with tempfile.TemporaryDirectory() as root:
            out = Path(root) / "out"
            self.assertEqual(explore(0, out).returncode, 0)
            front = (out / "front.csv").read_bytes()
            journal = out / "journal/evaluations.jsonl"
            lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
            journal.write_text("".join(lines[:2]), encoding="utf-8")
            run = explore(2, out, "--resume")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual((out / "front.csv").read_bytes(), front)

    def test_a_fault_is_said_once(self):
        with tempfile.TemporaryDirectory() as root:
            run = subprocess.run(["mpirun", "-n", "2", str(weft.program()), "explore", "no_such_space", "--mpi", "--out",
                                  str(Path(root) / "out")], cwd=weft.ROOT, env=environment(), capture_output=True,
                                 text=True, timeout=300, check=False)
            self.assertNotEqual(run.returncode, 0)
            self.assertEqual(run.stderr.count("no_such_space"), 1, run.stderr)


def setUpModule():
    """Said aloud: a test that was not run is no test that was passed."""
    reason = missing()
    if reason:
        print(f"skipped: {reason}", flush=True)
        os._exit(SKIPPED)


def missing():
    if shutil.which("mpirun") is None:
        return "there is no mpirun"
    with tempfile.TemporaryDirectory() as root:
        run = explore(1, Path(root) / "try", "--budget", "1")
        return "the program was built without MPI" if "built without MPI" in run.stderr else ""


if __name__ == "__main__":
    weft.main()

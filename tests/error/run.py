"""Does each error say exactly what to do? Runs every case of this folder against the program.

A case is <code>-<what>.cmd with the expected standard error beside it in .out. The first line of the .cmd is
the command, run from the root of the tree; the lines after it may say:
  exit 2            the expected exit code (2 if not said)
  stdout any        standard output may hold something (it must be empty otherwise)
  sparse big 17     makes {tmp}/big of 17 MiB before the run; {tmp} is a fresh folder
  file a.csv TEXT   makes {tmp}/a.csv of TEXT (\\n and \\xHH are understood)
  env NAME=VALUE    for the program
  writes study      {tmp}/study may be there afterwards
`run.py --weft PROGRAM --update [case ...]` writes the .out files anew: read them before keeping them.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import difflib
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS = 10


class Case:
    def __init__(self, path):
        self.out = path.with_suffix(".out")
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
        if not lines:
            sys.exit(f"{path}: no command")
        self.command, self.exit, self.stdout, self.files, self.env, self.written = lines[0], 2, "", [], {}, set()
        for line in lines[1:]:
            self._directive(path, line)

    def _directive(self, path, line):
        word, _, rest = line.partition(" ")
        if word == "exit":
            self.exit = int(rest)
        elif word == "stdout" and rest == "any":
            self.stdout = None
        elif word == "sparse":
            name, mebibytes = rest.split()
            self.files.append((name, int(mebibytes) << 20))
        elif word == "file":
            name, _, text = rest.partition(" ")
            self.files.append((name, text.encode("latin-1", "backslashreplace").decode("unicode_escape").encode("latin-1")))
        elif word == "env":
            name, _, value = rest.partition("=")
            self.env[name] = value
        elif word == "writes":
            self.written.add(rest)
        else:
            sys.exit(f"{path}: unknown line: {line}")

    def run(self, weft):
        """The problems seen, and the standard error with the temporary folder's name taken out."""
        with tempfile.TemporaryDirectory() as folder:
            for name, content in self.files:
                with open(Path(folder) / name, "wb") as stream:
                    if isinstance(content, int):
                        stream.truncate(content)
                    else:
                        stream.write(content)
            words = [word.replace("{tmp}", folder) for word in shlex.split(self.command)]
            if words[0] != "weft":
                return [f"a command starts with weft, not {words[0]}"], ""
            env = {**os.environ, **{name: value.replace("{tmp}", folder) for name, value in self.env.items()}}
            try:
                run = subprocess.run([str(weft), *words[1:]], cwd=ROOT, env=env, stdin=subprocess.DEVNULL,
                                     capture_output=True, timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return [f"still running after {SECONDS} s"], ""
            problems = []
            if run.returncode != self.exit:
                problems.append(f"exit code {run.returncode}, expected {self.exit}")
            if self.stdout == "" and run.stdout:
                problems.append(f"printed on standard output: {run.stdout[:200]!r}")
            made = set(os.listdir(folder)) - {name for name, _ in self.files} - self.written
            if made:
                problems.append(f"wrote {sorted(made)}")
            return problems, run.stderr.decode("utf-8", "replace").replace(folder, "{tmp}")


def differences(expected, seen):
    return list(difflib.unified_diff(expected.splitlines(), seen.splitlines(), "expected", "seen", lineterm=""))


def tree():
    """What a failing command could litter: the root, and the folders that cases read."""
    names = {entry.name for entry in ROOT.iterdir()}
    for folder in (HERE, ROOT / "configs"):
        names.update(str(path) for path in folder.rglob("*"))
    return names


def check(case, weft, update):
    problems, seen = case.run(weft)
    if update:
        case.out.write_text(seen, encoding="utf-8")
    expected = case.out.read_text(encoding="utf-8") if case.out.is_file() else ""
    if not case.out.is_file():
        problems.append(f"no {case.out.name}: run with --update and read it")
    return problems + differences(expected, seen)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--weft", type=Path, default=ROOT / "build/release/weft")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("cases", nargs="*", help="names without .cmd; default: all")
    arguments = parser.parse_args()
    paths = [HERE / f"{name}.cmd" for name in arguments.cases] or sorted(HERE.glob("*.cmd"))
    if not paths:
        sys.exit("no case in " + str(HERE))
    orphans = sorted(path.name for path in HERE.glob("*.out") if not path.with_suffix(".cmd").is_file())
    before = tree()
    failed = [f"{name}: no .cmd beside it" for name in orphans]
    for path in paths:
        problems = check(Case(path), arguments.weft.resolve(), arguments.update)
        if problems:
            failed.append("\n  ".join([path.stem + ":", *problems]))
    if not arguments.update and tree() - before:
        failed.append(f"the cases wrote {sorted(tree() - before)}")
    print("\n".join(failed + [f"{len(paths)} cases, {len(failed)} problems"]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

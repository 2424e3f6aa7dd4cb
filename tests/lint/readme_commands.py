"""Do the commands in the documents work? A block that starts with ```sh run is run, as written, in a
folder that looks like the tree after a build; keep them to a few seconds each. Other blocks of commands
must not call the program: nobody would notice when they rot.
SPDX-License-Identifier: Apache-2.0
"""
import os
import re
import subprocess
import tempfile
from pathlib import Path

import lint

BLOCK = re.compile(r"^```sh run[ \t]*\n(.*?)^```", re.M | re.S)
UNRUN = re.compile(r"^```(?:sh|bash|console|shell)[ \t]*\n(.*?)^```", re.M | re.S)
PROGRAM = re.compile(r"^[^#\n]*build/release/weft\b", re.M)
SECONDS = 300
RESULTS = {"build", "runs", "mappings"}  # made anew, so that nothing is written into the tree


def documents(root):
    return [name for name in lint.files(root, {".md"}) if BLOCK.search(text := lint.read(root, name)) or UNRUN.search(text)]


def dress(folder, root, build):
    """Links to the tree's files, and the build under the name that the documents use."""
    for entry in root.iterdir():
        if entry.name not in RESULTS and not entry.name.startswith("."):
            (folder / entry.name).symlink_to(entry.resolve())
    (folder / "build").mkdir()
    (folder / "runs").mkdir()  # as quickstart.sh leaves it
    if build is not None:
        (folder / "build" / "release").symlink_to(build.resolve())


def run_block(commands, folder):
    try:
        run = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=folder, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, errors="replace", timeout=SECONDS,
                             env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    except subprocess.TimeoutExpired:
        return f"took longer than {SECONDS} s"
    if run.returncode == 0:
        return ""
    return f"exit code {run.returncode}: " + " | ".join((run.stderr or run.stdout).strip().splitlines()[-3:])


def check(root, build=None):
    problems = []
    names = documents(root)
    if (root / "README.md").exists() and not BLOCK.search(lint.read(root, "README.md")):
        problems.append("README.md: no ```sh run block: its commands would rot")
    for name in names:
        text = lint.read(root, name)
        problems += [f"{name}:{lint.line_of(text, match.start())}: no test runs these commands: say ```sh run"
                     for match in UNRUN.finditer(text) if PROGRAM.search(match.group(1))]
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            dress(folder, root, build)
            for match in BLOCK.finditer(text):  # one after the other: a later one may use an earlier one's files
                failure = run_block(match.group(1), folder)
                if failure:
                    problems.append(f"{name}:{lint.line_of(text, match.start())}: {failure}")
    return problems


def _document(*blocks):
    return "# X\n" + "".join(f"```sh run\n{block}\n```\n" for block in blocks)


REFUSED = [
    ({"README.md": _document("true", "cat absent.txt")}, "README.md:5: exit code 1"),
    ({"README.md": _document("false\ntrue")}, "exit code 1"),
    ({"README.md": "# X\n```sh\ntrue\n```\n"}, "no ```sh run block"),
    ({"README.md": _document("true"), "docs/a.md": _document("exit 3")}, "docs/a.md:2: exit code 3"),
    ({"README.md": _document("true"), "docs/b/a.md": _document("exit 3")}, "docs/b/a.md:2: exit code 3"),
    ({"README.md": _document("true") + "```sh\nbuild/release/weft list\n```\n"}, "no test runs these commands"),
]
ACCEPTED = {"README.md": _document("cat x.txt > y.txt", "grep -q hello y.txt") + "```sh\nfalse\n```\n",
            "x.txt": "hello\n"}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED, ["--build"])

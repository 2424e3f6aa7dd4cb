"""What the lint tests share: the files of the tree, C++ without its comments, and the self-test.

A lint script defines check(root) -> list of problems, and examples: trees that must be refused with a
given phrase, and one that must pass. `--self-test` runs the examples, so each rule is shown to fail.
SPDX-License-Identifier: Apache-2.0
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOMS = ["base", "workload", "arch", "dataflow", "energy_model", "mapper", "dse", "validation", "report", "cli", "python"]
SKIPPED_FOLDERS = {"build", "runs", "node_modules", ".git", "__pycache__"}
SKIPPED = 77  # exit code that ctest shows as skipped


def files(root, suffixes=None, under=None):
    """Paths below root (relative), as git would see them; without what is built or ignored."""
    names = _git_files(root)
    if names is None:
        names = _walk(root)
    kept = []
    for name in sorted(names):
        parts = Path(name).parts
        if under and parts[0] not in under:
            continue
        if suffixes and Path(name).suffix not in suffixes:
            continue
        if not SKIPPED_FOLDERS.intersection(parts) and (root / name).is_file():
            kept.append(name)
    return kept


def _git_files(root):
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return set(os.fsdecode(listed.stdout).split("\0")) - {""}


def _walk(root):
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            yield str((Path(folder) / name).relative_to(root))


def read(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def code_only(text, strings=False):
    """C++ with comments (and, unless asked for, string contents) blanked; lines stay where they are."""
    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return re.sub(r"[^\n]", " ", token)
        if strings or token.startswith("'"):
            return token if strings else "' '"
        return '""' + "\n" * token.count("\n")
    # A digit separator (1'000) is no character constant.
    return _TOKEN.sub(blank, re.sub(r"(?<=\d)'(?=\d)", "", text))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def _in_tree(tree, check):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in tree.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check(root)


def _self_test(check, refused, accepted):
    failures = []
    for tree, phrase in refused:
        problems = _in_tree(tree, check)
        if not any(phrase in problem for problem in problems):
            failures.append(f"not refused with '{phrase}': {sorted(tree)}; got {problems}")
    problems = _in_tree(accepted, check)
    failures += [f"wrongly refused: {problem}" for problem in problems]
    print(f"{len(refused)} bad trees and a good one tried")
    return failures


def main(check, refused, accepted, options=()):
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--self-test", action="store_true")
    for option in options:
        parser.add_argument(option, type=Path)
    arguments = parser.parse_args()
    if arguments.self_test:
        problems = _self_test(check, refused, accepted)
    elif options:
        problems = check(arguments.root, **{o.lstrip("-"): getattr(arguments, o.lstrip("-")) for o in options})
    else:
        problems = check(arguments.root)
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)

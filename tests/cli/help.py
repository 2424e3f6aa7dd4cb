"""Does the program explain itself, and do its help and the user guide speak of the same options?
SPDX-License-Identifier: Apache-2.0
"""
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import weft

GUIDE = (weft.ROOT / "docs/user_guide.md").read_text(encoding="utf-8")
DOCUMENTS = [weft.ROOT / "README.md", *sorted((weft.ROOT / "docs").rglob("*.md"))]
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
# Options of other programs that the documents name.
OTHERS = {"--preset", "--build", "--target", "--update", "--update-golden", "--legal-comments", "--gtest_filter", "--signature",
          "--help-all", "--test-dir", "--install", "--prefix", "--seconds", "--replay"}
OWN = {"--help", "--version"}


def verbs():
    text = weft.run("--help").decode()
    return re.findall(r"^  ([a-z]+) {2,}", text.split("Subcommands:")[1], re.M)


def options(verb):
    return set(OPTION.findall(weft.run(verb, "--help").decode()))


class Help(unittest.TestCase):
    def test_every_option_is_documented(self):
        self.assertGreater(len(verbs()), 8)
        for verb in verbs():
            self.assertIn(f"weft {verb}", GUIDE)
            for option in sorted(options(verb) - OWN):
                self.assertIn(option, OPTION.findall(GUIDE), f"of weft {verb}, not in the user guide")

    def test_every_documented_option_exists(self):
        known = OWN | set().union(*(options(verb) for verb in verbs()))
        for document in DOCUMENTS:
            for line in document.read_text(encoding="utf-8").splitlines():
                if re.search(r"\bweft [a-z]", line) or document.name == "user_guide.md":
                    for option in OPTION.findall(line):
                        self.assertIn(option, known | OTHERS, f"{document.name}: {line}")

    def test_first_page_names_every_verb(self):
        page = weft.run().decode()
        for verb in verbs():
            self.assertRegex(page, rf"(?m)^  {verb} ", verb)
        for command in re.findall(r"^  weft (.*?)   ", page, re.M):
            self.assertIn(command.split()[0], verbs())

    def test_templates_are_good(self):
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("accelerator", "network", "space"):
                file = Path(folder) / f"{kind}.yaml"
                self.assertIn(b"next: weft ", weft.run("init", kind, file))
                self.assertEqual(file.read_bytes(), weft.run("init", kind))
                weft.run("check", file)
                weft.run("init", kind, file, exit_code=2)  # nothing is overwritten

    def test_completion(self):
        script = weft.run("completion", "bash").decode()
        test = script + ('weft() { "$PROGRAM" "$@"; }\n'
                         'try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _weft; echo "${COMPREPLY[*]}"; }\n'
                         "try weft es; try weft estimate --arch shid; try weft map --ski; try weft list arc\n")
        done = subprocess.run(["bash", "-c", test], capture_output=True, text=True, check=True,
                              env={"PROGRAM": str(weft.program()), "PATH": "/usr/bin:/bin"})
        self.assertEqual(done.stdout.split("\n")[:4], ["estimate", "shidiannao", "--ski-slope", "archs"])
        zsh = weft.run("completion", "zsh").decode()
        self.assertTrue(zsh.startswith("#compdef weft"))
        if shutil.which("zsh"):
            subprocess.run(["zsh", "-n", "-c", zsh], check=True)
            # What zsh would offer, without a terminal: the functions of its completion print what they are given.
            test = ('weft() { "$PROGRAM" "$@" }\ncompadd() { shift; offered=("$@") }\n'
                    '_describe() { offered=(${${(P)2}%%:*}) }\n_files() { : }\n' + zsh +
                    'try() { local prefix=$1; shift; words=("$@"); CURRENT=$#; _weft; print -- ${(M)offered:#$prefix*} }\n'
                    'try es weft es; try shid weft estimate --arch shid; try --ski weft map --ski; try arc weft list arc\n')
            done = subprocess.run(["zsh", "-f", "-c", test], capture_output=True, text=True, check=True,
                                  env={"PROGRAM": str(weft.program()), "PATH": "/usr/bin:/bin"})
            self.assertEqual(done.stdout.split("\n")[:4], ["estimate", "shidiannao", "--ski-slope", "archs"])
        for mark in ("@VERBS@", "@OPTIONS@", "@VALUES@", "@DESCRIBED@"):
            self.assertNotIn(mark, script + zsh)

    def test_manual(self):
        page = weft.run("manual").decode()
        self.assertTrue(page.startswith(".TH WEFT 1"))
        for verb in verbs():
            self.assertIn(f".SS weft {verb}", page)
        for line in page.splitlines():
            self.assertRegex(line, r"^(\.(TH|SH|SS|TP|B|I|RI)\b|[^.'])", line)

    def test_doctor(self):
        self.assertIn(b"accelerators", weft.run("doctor"))
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([str(weft.program()), "doctor"], env={"WEFT_CONFIGS": folder}, capture_output=True, text=True)
            self.assertEqual(done.returncode, 1)
            self.assertIn("FAULT", done.stdout)

    def test_quiet(self):
        note = ["convert", "maestro", weft.ROOT / "tests/fixtures/formats/small.m"]
        loud, still = (subprocess.run([str(weft.program()), *map(str, note), *extra], capture_output=True, text=True)
                       for extra in ([], ["--quiet"]))
        self.assertIn("note:", loud.stderr)
        self.assertEqual(still.stderr, "")
        self.assertEqual(still.stdout, loud.stdout)
        wrong = subprocess.run([str(weft.program()), "estimate", "--arch", "nothing", "--network", "mlp", "--quiet"],
                               capture_output=True, text=True)
        self.assertIn("error:", wrong.stderr)


if __name__ == "__main__":
    weft.main()

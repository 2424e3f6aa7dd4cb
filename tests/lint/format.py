"""Are all C++ files formatted by .clang-format, with the pinned version 14?
SPDX-License-Identifier: Apache-2.0
"""
import re
import shutil
import subprocess
import sys

import lint

VERSION = 14


def formatter():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path:
            text = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if re.search(rf"version {VERSION}\.", text):
                return path
    print(f"skipped: clang-format {VERSION} is not installed; other versions format differently")
    sys.exit(lint.SKIPPED)


def check(root):
    names = lint.files(root, {".hpp", ".cpp"})
    if not names:
        return []
    run = subprocess.run([formatter(), "--dry-run", "-Werror", "--style=file", *names], cwd=root, capture_output=True,
                         text=True)
    places = sorted({line.split(": error:")[0] for line in run.stderr.splitlines() if ": error:" in line})
    if run.returncode != 0 and not places:
        return [f"clang-format failed: {run.stderr.strip()[:300]}"]
    return [f"{place}: run clang-format -i on this file" for place in places]


STYLE = "BasedOnStyle: Google\n"
REFUSED = [({".clang-format": STYLE, "a.cpp": "int  x ;\n"}, "a.cpp:1:")]
ACCEPTED = {".clang-format": STYLE, "a.cpp": "int x;\n"}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED)

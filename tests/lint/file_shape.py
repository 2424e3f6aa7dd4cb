"""Can each source file be read in one sitting, and does it say what it is? Refuses more than 500 lines,
lists more than 300, wants a first comment and the licence tag, refuses unfinished work.
SPDX-License-Identifier: Apache-2.0
"""
import re
from pathlib import Path

import lint

SUFFIXES = {".cpp", ".hpp", ".py", ".sh", ".js", ".css", ".proto"}
REFUSED_ABOVE = 500
LISTED_ABOVE = 300
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
C_LIKE = {".cpp", ".hpp", ".js", ".css", ".proto"}


def check(root):
    problems = []
    for name in lint.files(root, SUFFIXES):
        lines = lint.read(root, name).splitlines()
        if len(lines) > REFUSED_ABOVE:
            problems.append(f"{name}: {len(lines)} lines; split it (limit {REFUSED_ABOVE})")
        elif len(lines) > LISTED_ABOVE:
            print(f"note: {name}: {len(lines)} lines")
        comment = ("//", "/*") if Path(name).suffix in C_LIKE else ("#", '"""')
        if lines and not lines[0].startswith(comment):
            problems.append(f"{name}:1: no first comment that says what the file is")
        if lines and not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:15]):
            problems.append(f"{name}: no licence tag near the top")
        for number, line in enumerate(lines, 1):
            if UNFINISHED.search(line):
                problems.append(f"{name}:{number}: unfinished work is not kept in the tree")
    return problems


HEAD = "// A file.\n// SPDX-License-Identifier: Apache-2.0\n"
REFUSED = [
    ({"base/long.cpp": HEAD + "\n" * 499}, "501 lines"),
    ({"base/a.cpp": "#include <x>\n" + HEAD}, "base/a.cpp:1: no first"),
    ({"base/a.cpp": "// A file.\nint x;\n"}, "no licence tag"),
    ({"tools/a.sh": "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n# TO" "DO: all\n"}, "a.sh:3: unfinished"),
]
ACCEPTED = {"base/a.cpp": HEAD + "\n" * 498, "build/x.cpp": "int x;\n", "docs/a.md": "\n" * 900}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED)

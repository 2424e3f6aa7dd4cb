"""Does every header compile on its own? A header that is the first include of a compiled source is proven
by the build; the others are compiled here, with the flags of a source of their folder.
SPDX-License-Identifier: Apache-2.0
"""
import concurrent.futures
import json
import re
import shlex
import subprocess
from pathlib import Path

import lint

FIRST_INCLUDE = re.compile(r'^#include[ \t]*[<"]([^>"]+)[>"]', re.M)
KEPT_FLAG = re.compile(r"^(-I|-D|-isystem|-std=|-f|-m|-pthread)")


def flags_of(command):
    words = shlex.split(command)
    kept = []
    for i, word in enumerate(words):
        if word in ("-I", "-D", "-isystem"):
            kept += [word, words[i + 1]]
        elif KEPT_FLAG.match(word) and not word.startswith("-fsanitize"):
            kept.append(word)
    return kept


def compiler_of(command):
    return next(word for word in shlex.split(command) if not word.endswith("ccache"))


def first_include(root, name):
    match = FIRST_INCLUDE.search(lint.read(root, name))
    return match.group(1) if match else ""


def nearest_source(root, header, sources):
    """A source that includes the header, else one of its folder or of the closest folder above or beside it."""
    def closeness(source):
        own, other = Path(header).parts[:-1], Path(source).parts[:-1]
        same = 0
        while same < min(len(own), len(other)) and own[same] == other[same]:
            same += 1
        return (f'"{header}"' in lint.read(root, source), same, -len(other))
    return max(sorted(sources), key=closeness)


def compile_alone(root, header, command):
    words = [compiler_of(command), *flags_of(command), "-I", str(root), "-w", "-fsyntax-only", "-x", "c++", "-"]
    # Twice, so that a missing #pragma once shows as well.
    twice = f'#include "{header}"\n#include "{header}"\n'
    run = subprocess.run(words, input=twice, capture_output=True, text=True, cwd=root)
    if run.returncode == 0:
        return []
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    return [f"{header} does not compile alone: {(errors or run.stderr.splitlines())[0]}"]


def check(root, build=None):
    headers = lint.files(root, {".hpp"})
    if not headers:
        return []
    database = (build or root / "build") / "compile_commands.json"
    if not database.is_file():
        return [f"no {database.name} in {database.parent}: configure first"]
    # Absolute sources as configured, not resolved: the tree may be reached through a link.
    sources = {}
    for entry in json.loads(database.read_text()):
        for base in (root, root.resolve()):
            if Path(entry["file"]).is_relative_to(base) and Path(entry["file"]).is_file():
                sources[str(Path(entry["file"]).relative_to(base))] = entry["command"]
    if not sources:
        return ["the build has no source of this tree"]
    proven = {first_include(root, name) for name in sources}
    open_headers = [name for name in headers if name not in proven]
    print(f"{len(headers)} headers, {len(headers) - len(open_headers)} proven by the build")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(compile_alone, root, name, sources[nearest_source(root, name, sources)])
                for name in open_headers]
        return [problem for job in jobs for problem in job.result()]


def self_check(root, build=None):
    """The examples' own compilation database, as CMake would write it."""
    del build
    entries = [{"directory": str(root), "file": str(root / name), "command": f"c++ -std=c++20 -I{root} -c {name}"}
               for name in lint.files(root, {".cpp"})]
    (root / "build").mkdir()
    (root / "build" / "compile_commands.json").write_text(json.dumps(entries))
    return check(root, root / "build")


REFUSED = [
    ({"base/a.cpp": "", "base/b.hpp": "#pragma once\nstd::string s();\n"}, "base/b.hpp does not compile alone"),
    ({"base/a.cpp": "", "base/b.hpp": "struct S {};\n"}, "base/b.hpp does not compile alone"),
]
ACCEPTED = {"base/a.cpp": '#include "base/a.hpp"\n', "base/a.hpp": "#pragma once\nstruct A {};\n",
            "base/b.hpp": '#pragma once\n#include "base/a.hpp"\ninline A a() { return {}; }\n'}

if __name__ == "__main__":
    import sys
    lint.main(self_check if "--self-test" in sys.argv else check, REFUSED, ACCEPTED, ["--build"])

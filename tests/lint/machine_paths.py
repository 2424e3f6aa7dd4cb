"""Does the tree work on any machine? No file names a folder of somebody's computer.
SPDX-License-Identifier: Apache-2.0
"""
import re

import lint

# Not after a word (a URL or a relative path), and not a bare mention of the folder.
PATH = re.compile(r"(?<![\w./-])/(?:work|home|root|Users|mnt)(?:/[\w.-]+)+")
BINARY = {".onnx", ".png", ".gz", ".pb"}


def check(root):
    problems = []
    for name in lint.files(root):
        if any(name.endswith(suffix) for suffix in BINARY):
            continue
        for number, line in enumerate(lint.read(root, name).splitlines(), 1):
            match = PATH.search(line)
            if match:
                problems.append(f"{name}:{number}: a path of one machine: {match.group(0)}")
    return problems


REFUSED = [({"a.md": f"see {path} there\n"}, f"a.md:1: a path of one machine: {path}")
           for path in ["/" + "home/ann/x", "/" + "root/x.yaml", "/" + "Users/bob", "/" + "work/tree"]]
ACCEPTED = {"a.md": "https://host/home/ann ../root/x /usr/include/x work/main\n", "b.cpp": "int a = 1 / 2;\n"}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED)

"""Do the libraries stay silent and alive? Printing and ending the program belong to cli/ alone.
SPDX-License-Identifier: Apache-2.0
"""
import re

import lint

ALLOWED = {"base/progress.cpp"}  # the progress bar
TALKS = re.compile(
    r"\bstd::(?:cout|cerr|clog)\b|(?<![\w.>])(?:std::|::)?(?:v?f?printf|puts|fputs|putchar|perror)\s*\(|\bfmt::print\b")
FORKS = {"base/child_pipe.cpp"}  # ends the child process that it made, not the program
ENDS = re.compile(r"(?<![\w.>:])(?:std::|::)?(?:exit|_exit|quick_exit|abort|terminate)\s*\(")


def check(root):
    problems = []
    for name in lint.files(root, {".hpp", ".cpp"}, lint.ROOMS):
        if name.startswith("cli/") or name in ALLOWED:
            continue
        text = lint.code_only(lint.read(root, name))
        for pattern, what in [(TALKS, "prints"), (ENDS, "ends the program")]:
            for match in [] if what == "ends the program" and name in FORKS else pattern.finditer(text):
                problems.append(f"{name}:{lint.line_of(text, match.start())}: a library {what}: {match.group(0)}")
    return problems


REFUSED = [({"base/a.cpp": f"void f() {{ {line} }}\n"}, phrase) for line, phrase in [
    ("std::cout << 1;", "prints"), ("std::cerr << 1;", "prints"), ('printf("x");', "prints"),
    ('std::fprintf(stderr, "x");', "prints"), ('fmt::print("x");', "prints"), ("std::puts(x);", "prints"),
    ("exit(1);", "ends the program"), ("std::abort();", "ends the program"),
]]
ACCEPTED = {"base/child_pipe.cpp": "::_exit(0);\n", "cli/a.cpp": "std::cout << 1; exit(2);\n", "base/progress.cpp": 'std::fputs("x", stderr);\n',
            "base/a.cpp": 'std::snprintf(b, 2, "x"); // printf("x")\nconst char* s = "exit(1)"; fifo.exit(); '
                          "std::sprintf_like(x); on_exit(3);\n"}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED)

"""Is every diagnostic code explained to the user and provoked by a test? Codes in the sources, the list in
configs/README.md and the cases of tests/error/ must name the same words.
SPDX-License-Identifier: Apache-2.0
"""
import re

import lint

LIST = "configs/README.md"
HEADING = "## Diagnostic codes"  # the last section; tables above it list other words
CASES = "tests/error"
CALL = re.compile(r"\b(?:ConfigError|Diagnostic|error|diagnostic|problem|fail|reject|report\w*|refuse\w*)\s*(?:\w+\s*)?[({]")
# Collectors take a place first and the code next; the first argument of another add() is a name.
COLLECT = re.compile(r"\b(?:add|push_back|emplace_back)\s*[({]")
FIELD = re.compile(r'\.code\s*=\s*"([^"]*)"')
CODE = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
LATER_CODE = re.compile(r',\s*"([a-z]+(?:-[a-z]+)+)"\s*,')
LISTED = re.compile(r"^\| `([a-z-]+)` \|", re.M)
SHOWN = re.compile(r"\[([a-z]+(?:-[a-z]+)+)\]$", re.M)
OPENING, CLOSING = "([{", ")]}"


def arguments(text, start):
    """The text up to the bracket that closes the one at `start`; brackets in strings do not count."""
    depth, quoted, i = 0, False, start
    while i < len(text):
        c = text[i]
        if quoted:
            i += 1 if c == "\\" else 0
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in OPENING:
            depth += 1
        elif c in CLOSING:
            depth -= 1
            if depth == 0:
                return text[start:i]
        i += 1
    return text[start:]


def codes_in(text):
    text = lint.code_only(text, strings=True)
    found = set(FIELD.findall(text))
    for match in CALL.finditer(text):
        found.update(CODE.findall(arguments(text, match.end() - 1)))
    for match in COLLECT.finditer(text):
        found.update(LATER_CODE.findall(arguments(text, match.end() - 1)))
    return found


def check(root):
    used = {}
    for name in lint.files(root, {".hpp", ".cpp"}, lint.ROOMS):
        for code in codes_in(lint.read(root, name)):
            used.setdefault(code, name)
    if not used:
        return []
    listed = set(LISTED.findall(lint.read(root, LIST).partition(HEADING)[2])) if (root / LIST).is_file() else set()
    shown = {}  # code -> cases whose expected text has it
    for name in lint.files(root, {".out"}):
        if name.startswith(CASES + "/"):
            for code in SHOWN.findall(lint.read(root, name)):
                shown.setdefault(code, []).append(name.split("/")[-1])
    problems = [f"{used[code]}: the code {code} is not listed in {LIST}" for code in sorted(set(used) - listed)]
    problems += [f"{LIST}: the code {code} is used nowhere" for code in sorted(listed - set(used))]
    problems += [f"{CASES}: shows the code {code}, which no source has" for code in sorted(set(shown) - set(used))]
    problems += [f"{used[code]}: no case {CASES}/{code}-*.out provokes the code {code}" for code in sorted(used)
                 if not any(case.startswith(code) for case in shown.get(code, []))]
    return problems


GOOD = {
    "base/a.cpp": 'throw ConfigError({}, "bad-unit", "not (a) \\"unit\\"", "use row-stationary"); // error("old-code")\n'
                  'names = {"bert-base"}; all.add("a-name", "what it does", x); void report(int); d = {.code = "empty-file"};\n',
    LIST: "| `conv` | a kind |\n\n## Diagnostic codes\n\n| code | means |\n|---|---|\n| `bad-unit` | no unit |\n| `empty-file` | nothing |\n",
    f"{CASES}/bad-unit-missing.out": "a.yaml:1:1: error: no unit [bad-unit]\n",
    f"{CASES}/empty-file-comment.out": "a.yaml: error: nothing in list[0] [empty-file]\n",
}
REFUSED = [
    ({**GOOD, "dse/b.cpp": 'value.error(\n    "new-code", text);\n'}, "new-code is not listed"),
    ({**GOOD, "dse/b.cpp": 'refuse(state, {a, b}, "new-code", text);\n'}, "provokes the code new-code"),
    ({**GOOD, "arch/b.cpp": 'add(path, "new-code", text); all.add("a-name", "what it does", x);\n'}, "new-code is not listed"),
    ({**GOOD, LIST: GOOD[LIST] + "| `gone-code` | what |\n"}, "gone-code is used nowhere"),
    ({**GOOD, f"{CASES}/bad-unit-missing.out": ""}, "bad-unit-*.out provokes"),
    ({**GOOD, f"{CASES}/x.out": "error: y [no-such]\n"}, "shows the code no-such"),
]

if __name__ == "__main__":
    lint.main(check, REFUSED, GOOD)

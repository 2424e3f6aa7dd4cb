"""Do includes only go down? base <- workload <- arch/spec <- arch/program <- {arch/sim, dataflow,
energy_model} <- mapper <- dse <- validation <- cli <- python, and SystemC stays inside arch/sim, behind simulator.hpp and result_bytes.hpp.
SPDX-License-Identifier: Apache-2.0
"""
import re

import lint

SIM_DOOR = "arch/sim/simulator.hpp"
SIM_DOORS = [SIM_DOOR, "arch/sim/result_bytes.hpp"]

# A room may include its own files and those of the rooms listed; a file's name lists just that file.
ALLOWED = {
    "base": [],
    "workload": ["base"],
    "arch/spec": ["base", "workload"],
    "arch": ["base", "workload", "arch/spec"],
    "arch/sim": ["base", "workload", "arch/spec", "arch/program.hpp"],
    "dataflow": ["base", "workload", "arch/spec", "arch/program.hpp"],
    "energy_model": ["base", "workload", "arch/spec", "dataflow/counts.hpp"],
    "mapper": ["base", "workload", "arch/spec", "arch/program.hpp", "dataflow", "energy_model"],
}
ALLOWED["dse"] = ALLOWED["mapper"] + ["mapper", *SIM_DOORS]
ALLOWED["validation"] = ALLOWED["dse"] + ["dse"]
ALLOWED["report"] = ["base"]
ALLOWED["cli"] = ALLOWED["validation"] + ["validation", "report"]
ALLOWED["python"] = ["base", "cli"]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
SYSTEMC = re.compile(r"^(systemc|tlm)(\.h)?$|^(sysc|tlm_core|tlm_utils)/")


def room_of(name):
    parts = name.split("/")
    if parts[0] == "arch" and len(parts) > 2:
        return "/".join(parts[:2])
    return parts[0]


def may_include(room, target):
    return room_of(target) == room or target in ALLOWED[room] or room_of(target) in ALLOWED[room]


def check(root):
    problems = []
    for name in lint.files(root, {".hpp", ".cpp"}, lint.ROOMS):
        room = room_of(name)
        text = lint.code_only(lint.read(root, name), strings=True)
        for match in INCLUDE.finditer(text):
            kind, target = match.groups()
            at = f"{name}:{lint.line_of(text, match.start(1))}"
            if room not in ALLOWED:
                problems.append(f"{at}: the folder {room} has no place in the layering")
            elif SYSTEMC.match(target):
                if room != "arch/sim" or name in SIM_DOORS:
                    problems.append(f"{at}: SystemC is known inside arch/sim only, not in {name}")
            elif kind == '"':
                if target.startswith(".") or not (root / target).exists():
                    problems.append(f"{at}: includes are written from the root: {target}")
                elif not may_include(room, target):
                    problems.append(f"{at}: {room} must not include {target}")
    return problems


def _tree(name, include):
    targets = ["base/a.hpp", "workload/a.hpp", "arch/spec/a.hpp", "arch/program.hpp", "arch/sim/a.hpp", SIM_DOOR,
               "dataflow/counts.hpp", "dataflow/a.hpp", "energy_model/a.hpp", "mapper/a.hpp", "dse/a.hpp",
               "validation/a.hpp", "cli/a.hpp", "python/a.hpp"]
    return {**{target: "" for target in targets}, name: f"#include {include}\n"}


REFUSED = [(_tree(name, f'"{target}"'), f"must not include {target}") for name, target in [
    ("base/x.cpp", "workload/a.hpp"), ("workload/x.cpp", "arch/spec/a.hpp"), ("arch/spec/x.cpp", "arch/program.hpp"),
    ("arch/sim/x.cpp", "dataflow/a.hpp"), ("arch/sim/x.cpp", "mapper/a.hpp"), ("dataflow/x.cpp", "energy_model/a.hpp"),
    ("dataflow/x.cpp", "arch/sim/a.hpp"), ("energy_model/x.cpp", "dataflow/a.hpp"),
    ("energy_model/x.cpp", "arch/program.hpp"), ("mapper/x.cpp", SIM_DOOR), ("mapper/x.cpp", "dse/a.hpp"),
    ("dse/x.cpp", "arch/sim/a.hpp"), ("dse/x.cpp", "cli/a.hpp"), ("cli/x.cpp", "arch/sim/a.hpp"),
    ("cli/x.cpp", "python/a.hpp"), ("python/x.cpp", "dse/a.hpp"), ("dse/x.cpp", "validation/a.hpp"), ("validation/x.cpp", "cli/a.hpp"), ("validation/x.cpp", "arch/sim/a.hpp"),
]]
REFUSED += [
    (_tree("dse/x.cpp", "<systemc>"), "SystemC is known"),
    (_tree(SIM_DOOR, "<systemc>"), "SystemC is known"),
    (_tree("base/x.cpp", "<sysc/kernel/sc_time.h>"), "SystemC is known"),
    (_tree("base/x.cpp", '"a.hpp"'), "from the root"),
    (_tree("base/x.cpp", '"../base/a.hpp"'), "from the root"),
    (_tree("arch/other/x.cpp", '"base/a.hpp"'), "no place"),
]
ACCEPTED = {**_tree("cli/x.cpp", '"dse/a.hpp"'),
            "arch/sim/x.cpp": '#include <systemc>\n#include "arch/program.hpp"\n// #include "mapper/a.hpp"\n',
            "energy_model/x.cpp": '#include "dataflow/counts.hpp"\n',
            "dse/x.cpp": f'#include "{SIM_DOOR}"\n#include "mapper/a.hpp"\n'}

if __name__ == "__main__":
    lint.main(check, REFUSED, ACCEPTED)

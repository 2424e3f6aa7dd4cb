# SPDX-License-Identifier: Apache-2.0
"""Weft from Python: simulate, map and co-design deep-learning accelerators.

The functions are the program's verbs. What a verb takes on the command line is an argument here, with ``_`` for
``-``; what it prints as JSON comes back as a dict (docs/user_guide.md, "Results for programs").

>>> import weft
>>> result = weft.estimate("eyeriss", "alexnet", layer="conv2", budget=100, search="random")
>>> result["network"]["macs"]
223948800
>>> sorted(result["layers"][0]["levels"][0]["tensors"])
['inputs', 'outputs', 'weights']

An accelerator or a network is a name, a file, or a dict as ``load_accelerator`` and ``load_network`` give them:

>>> machine = weft.load_accelerator("shidiannao")
>>> machine["clock"]
'1 GHz'
>>> machine["clock"] = "500 MHz"
>>> def seconds(arch):
...     return weft.estimate(arch, "tiny_cnn", budget=50, search="random")["network"]["latency_s"]
>>> seconds(machine) == 2 * seconds("shidiannao")
True

A bad input is an ``InputError`` with every diagnosis, as the program would print them:

>>> weft.estimate("eyeris", "alexnet")
Traceback (most recent call last):
weft.InputError: error: unknown accelerator 'eyeris'...
  hint: did you mean 'eyeriss'?

Every call runs in a child process: it changes nothing in this one, and Ctrl-C ends it.
"""
import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Union

_configs = Path(__file__).resolve().parents[4] / "share/weft/configs"  # of an installation
if "WEFT_CONFIGS" not in os.environ and _configs.is_dir():
    os.environ["WEFT_CONFIGS"] = str(_configs)

from . import _core  # noqa: E402  (it looks for its presets)

Result = Dict[str, Any]
Source = Union[str, Path, Mapping[str, Any]]

__version__: str = _core.version()
__all__ = ["Answer", "Failed", "InputError", "columns", "estimate", "explore", "load_accelerator", "load_network", "map",
           "run", "simulate", "study"]


class InputError(ValueError):
    """A bad file, name or option. ``diagnostics``: dicts of file, line, column, code, message and hint."""

    def __init__(self, text: str, diagnostics: List[Dict[str, Any]]):
        super().__init__(text)
        self.diagnostics = diagnostics


class Failed(RuntimeError):
    """The input is good, but there is no result: no legal mapping, for one. The text says why."""


class Answer(NamedTuple):
    """What the program prints: results on standard output, notes on standard error."""
    results: str
    notes: str
    exit_code: int


def _answer(text: str) -> Answer:
    said = json.loads(text)
    if said["diagnostics"]:
        raise InputError(said["notes"].rstrip(), said["diagnostics"])
    if not said["results"] and said["exit_code"] != 0:
        raise Failed(said["notes"].rstrip())
    return Answer(said["results"], said["notes"], said["exit_code"])


def run(*words: Any, progress: Optional[Callable[[int, int, str], Any]] = None) -> Answer:
    """Any command of the program.

    >>> print(weft.run("list", "objectives").results)  # doctest: +ELLIPSIS
    name     what it is
    ...
    edp      energy x latency
    ...
    """
    return _answer(_core.call([str(word) for word in words], progress))


def _words(options: Mapping[str, Any]) -> Iterator[str]:
    """Options as words: explain=True is --explain, budget=50 is --budget 50, bits=(8, 4) is --bits 8,4."""
    for name, value in options.items():
        option = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            yield option
        elif value is not None and value is not False:
            yield option
            yield ",".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)


@contextlib.contextmanager
def _files(**sources: Source) -> Iterator[List[str]]:
    """--arch NAME for each source; a dict is put into a file for as long as it takes."""
    with tempfile.TemporaryDirectory(prefix="weft-") as folder:
        words: List[str] = []
        for option, source in sources.items():
            if isinstance(source, Mapping):
                path = Path(folder) / f"{option}.yaml"  # JSON is YAML
                path.write_text(json.dumps(source, indent=1), encoding="utf-8")
                source = path
            words += ["--" + option, str(source)]
        yield words


def _report(verb: str, arch: Source, network: Source, options: Mapping[str, Any]) -> Result:
    with _files(arch=arch, network=network) as files:
        return json.loads(run(verb, *files, *_words(options), "--format", "json").results)


def estimate(arch: Source, network: Source, **options: Any) -> Result:
    """The cost of a network on an accelerator, by the analytic model; options: ``weft estimate --help``.

    >>> weft.estimate("gemmini", "tiny_cnn", layer="conv1", bits=(4, 8))["layers"][0]["problem"]["bits"]
    {'weights': 4, 'inputs': 8, 'outputs': 8}
    """
    return _report("estimate", arch, network, options)


def map(arch: Source, network: Source, **options: Any) -> Result:
    """The best mapping of each layer, proven; options: ``weft map --help``.

    >>> layer = weft.map("gemmini", "tiny_cnn", layer="conv1")["layers"][0]
    >>> layer["certificate"]["gap"]
    0.0
    >>> print(layer["mapping"])  # doctest: +ELLIPSIS
    problem: {name: conv1, ...
    accelerator: gemmini
    levels:
    ...
    >>> slope = weft.map("eyeriss", "alexnet", layer="conv2", ski_slope=True)["ski_slope"]
    >>> points = weft.columns(slope["points"])
    >>> bool((points["words"][1:] < points["words"][:-1]).all())
    True
    """
    return _report("map", arch, network, options)


def simulate(arch: Source, network: Source, **options: Any) -> Result:
    """What the SystemC machine does: cycles, stalls, words moved, outputs compared; options: ``weft simulate --help``.

    >>> result = weft.simulate("gemmini", "tiny_cnn", layer="conv1")
    >>> result["network"]["simulation"]["outputs_equal"]
    True
    """
    return _report("simulate", arch, network, options)


def explore(space: Source, out: Union[str, Path], progress: Optional[Callable[[int, int, str], Any]] = None,
            **options: Any) -> Result:
    """Searches a design space, as ``weft explore`` does, and keeps everything in the folder ``out``.

    ``progress(done, total, note)`` is called after each batch; when it returns False the study ends with what it
    has, ``stopped`` is true in the result, and ``resume=True`` goes on later. ``study(out)`` has every design.

    >>> import tempfile
    >>> seen = []
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = weft.explore("quickstart", folder, progress=lambda done, total, note: seen.append((done, total)),
    ...                           budget=40, no_simulation=True)
    ...     designs = weft.study(folder)
    >>> result["evaluated"], seen[-1]
    (40, (40, 40))
    >>> best = designs["energy_pj"][designs["front"]].min()
    >>> bool(best == min(point["energy_pj"] for point in result["front"]))
    True
    """
    with _files(space=space) as files:
        answer = run("explore", files[1], "--out", out, *_words(options), "--format", "json", progress=progress)
    return {**json.loads(answer.results), "stopped": answer.exit_code == 130}


def study(folder: Union[str, Path]) -> Dict[str, Any]:
    """Every design that a study in ``folder`` evaluated, one NumPy array per knob (its labels) and per figure, in the
    order of evaluation; ``design`` numbers them, ``complete`` and ``front`` say which have figures and which are best.
    """
    import numpy

    found = json.loads(run("report", folder, "--format", "json").results)["study"]
    arrays = {"design": numpy.array(found["designs"])}
    for choice in found["choices"]:
        arrays[choice["name"]] = numpy.array(choice["labels"], dtype=str)[numpy.array(choice["of"], dtype=int)]
    for figure in found["figures"]:
        arrays[figure["name"]] = numpy.array(figure["values"], dtype=float)
    arrays["complete"] = numpy.array(found["complete"], dtype=bool)
    arrays["front"] = numpy.isin(arrays["design"], found["front"])
    return arrays


def load_accelerator(name_or_file: Union[str, Path]) -> Result:
    """An accelerator file as a dict, every default written out. Change it, and hand it to the other functions.

    >>> [level["name"] for level in weft.load_accelerator("eyeriss")["levels"]]
    ['DRAM', 'GLB', 'spads']
    """
    return json.loads(_answer(_core.load_accelerator(str(name_or_file))).results)


def load_network(name_or_file: Union[str, Path], batch: int = 1, resolution: int = 0) -> Result:
    """A network file or ONNX model as a dict; ``resolution`` 0 is the network's own.

    >>> weft.load_network("resnet50", resolution=160)["layers"][0]["in"]
    [3, 160, 160]
    """
    return json.loads(_answer(_core.load_network(str(name_or_file), batch, resolution)).results)


def columns(rows: Sequence[Mapping[str, Any]]) -> Dict[str, Any]:
    """Rows (layers, designs, points) as one NumPy array per key whose values are numbers or texts in every row.

    >>> layers = weft.estimate("gemmini", "tiny_cnn", budget=50, search="random")["layers"]
    >>> weft.columns(layers)["macs"].sum()
    113312
    """
    import numpy

    arrays = {}
    for key in rows[0] if rows else ():
        values = [row.get(key) for row in rows]
        if all(isinstance(value, (bool, int, float, str)) for value in values):
            arrays[key] = numpy.array(values)
    return arrays

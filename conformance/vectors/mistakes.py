"""The flags that name a mistake: the zoo's faults of a method, and what was found in libraries.

A fault's flag stands on the vectors that the faulty form answers wrongly. A finding's stands on the
very input on which a published library was found to be wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from conformance.case import example_of
from conformance.reading import answered, randomness, request
from conformance.reply import Reply, Status
from conformance.vectors.flags import camel, noted
from conformance.vectors.judging import clear_error
from conformance.vectors.record import Vector
from conformance.zoo.faults import FAULTS, Fault, Faulty
from properties.example import Example, Observation, Step

ROOT: Final = Path(__file__).resolve().parents[2]
FINDINGS: Final = ROOT / "docs" / "findings"
SILENT: Final = ("shape",)  # the law that sees what is done beside the answer
CLEAR: Final = 100.0  # a killed fault is that far beyond the bound, in units of u

KINDS: Final[Mapping[str, str]] = {
    r"damped|ridge|epsilon|padded|absolute_cut|shifted": "absolute epsilon",
    r"stop|rounds|residual$|relaxed|previous_iterate": "early stop",
    r"single_precision": "lost precision",
    r"forgetful|overwritten|unsmoothed|swapped|target|one_target": "lost state",
    r"ascending|reversed|invert|inverse|upside|unfocused": "wrong sign",
    r"sum|averaged|total|divided|normalis|times_tasks|one|mean|counted|scaled|twice|share":
        "wrong scale",
    r"unconditional|clamp|clipped|affine|vertex|fallback|conflict|touching|margin|raised":
        "missing branch",
    r"orders|fixed_order": "ignored randomness",
    r"operand|own|self|itself|raw|original|by_entries|alone": "wrong operand",
}  # fmt: skip


# Faults --------------------------------------------------------------------------------------


def faults_of(method: str) -> list[Fault]:
    """The zoo's faults of a method that one answer can tell.

    What draws by itself answers admissibly each time, and only many answers together tell it; what
    writes into its input may answer rightly.
    """
    own = (fault for fault in FAULTS.values() if fault.method == method)
    return [fault for fault in own if not drawing(fault) and fault.breaks != SILENT]


def drawing(fault: Fault) -> bool:
    """Whether a faulty form draws its randomness itself."""
    return str(fault.declares.get("randomness", "injected")) != "injected"


def flag_of(fault: Fault) -> str:
    """The flag of a fault: its name without the method's."""
    return camel(fault.name.removeprefix(fault.method + "_"))


def kills(vector: Vector, fault: Fault) -> bool:
    """Whether a fault's answer to a vector is wrong, clearly."""
    if vector.result == "invalid" or "any" in vector.told.get("set", {}):
        return False
    observation = observed(vector, fault)
    if observation.status != "answered":
        return True
    error = clear_error(vector, observation)
    return not error <= CLEAR


def observed(vector: Vector, fault: Fault) -> Observation:
    """What a fault answers, in this process; its backend is trusted, and no other is asked so."""
    example, backend = vector.example, Faulty(fault)
    with np.errstate(all="ignore"):
        reply = _reply(backend, example, vector.dtype)
    return answered(example, reply, backend.describe()["methods"][fault.method])


def _reply(backend: Faulty, example: Example, dtype: str) -> Reply:
    method, params = example.method, dict(example.params)
    try:
        if example.earlier:
            session = backend.open(method, params, example.tasks, 0, dtype, 0)
            for step in example.earlier:
                session.step(*_given(step, dtype, method))
            last = Step(example.rows, example.inputs, example.orders, example.random)
            outputs = session.step(*_given(last, dtype, method))
        else:
            inputs, random = _given(example, dtype, method)
            outputs = backend.evaluate(method, inputs, params, random, 0)
    except (ValueError, TypeError, ArithmeticError, NotImplementedError) as error:
        return Reply(Status.FAILED, message=str(error))
    return Reply(Status.OK, outputs, outputs.dtypes)


def _given(step: Example | Step, dtype: str, method: str) -> tuple[Any, Any]:
    return request(step, dtype, method), randomness(step, dtype, method)


# Findings ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """What a library was found to do: the flag, the title, and the input."""

    flag: str
    title: str
    dtype: str
    example: Example


@cache
def findings() -> tuple[Finding, ...]:
    """Every finding of docs/findings, where the sources are at hand."""
    return tuple(_findings())


def _findings() -> Iterator[Finding]:
    page = FINDINGS.with_suffix(".md")
    if not page.is_file():
        return
    linked = re.findall(r"\[([^]]+)\]\(findings/([^)]+)\)", page.read_text("utf-8"))
    titles = {name: title for title, name in linked}
    for path in sorted(FINDINGS.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        example = example_of(case)
        title = f"{case['backend']['name']}: {titles.get(path.name, path.stem)}"
        yield Finding(camel(path.stem), title, case["dtype"], example)


# Notes ---------------------------------------------------------------------------------------


def note(method: str, name: str) -> dict[str, Any] | None:
    """What a flag of this file means; None for another file's."""
    for fault in FAULTS.values():
        if fault.method == method and flag_of(fault) == name:
            effect = "the answer is wrong beyond a hundred times its bound, or there is none"
            return noted(_kind(fault), fault.description, effect)
    for finding in findings():
        if finding.flag == name:
            effect = "this very input was answered wrongly"
            return noted("found in a library", finding.title, effect, ("docs/findings.md",))
    return None


def _kind(fault: Fault) -> str:
    """The kind of bug that a fault is."""
    name = fault.name.removeprefix(fault.method + "_")
    found = (kind for pattern, kind in KINDS.items() if re.search(pattern, name))
    return next(found, "wrong formula")

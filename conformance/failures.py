"""Failures kept for others: the smallest input, what came back, and how to see it again.

``failures/ID/case.json`` is the input in a form that any language reads, ``observed.json`` what
the backend answered beside what is right, and ``reproduce.py`` a program that needs nothing but
numpy and the backend.
"""

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pprint import pformat
from typing import Any

from flint import ctx

from conformance import scale, tolerance
from conformance.backend import BackendSpec
from conformance.case import CASE, OBSERVED, example_of
from conformance.child import ChildFailureError, Limits, output_of
from conformance.program import TEMPLATE, WIRE, filled, indented
from conformance.question import answer_to, inputs_of, question, random_of
from conformance.reading import SCALED
from mtl_reference import METHODS, QUANTITIES
from mtl_reference.enclosure import Number, Real, round_float64
from mtl_reference.method import Kind, Output
from properties.checks import JobRecord
from properties.example import Example, Observation, Step

GRAVE = ("crash", "timeout", "protocol", "refused", "fail")
PROGRAM = "reproduce.py"
FOLDER = "failures"
_SNIPPET_SECONDS = 60
_MOST_ASKED = 4
_ASK_FOR_SNIPPET = """
import json, sys
from conformance.host import load
method, params = json.loads(sys.argv[2])
print("\\n#SNIPPET\\n" + load(sys.argv[1]).snippet(method, params))
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure as it is kept: its name and the documents."""

    id: str
    case: Mapping[str, Any]
    observed: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """What is written of a failure: the name of its folder, and its files' texts by name."""

    id: str
    texts: Mapping[str, str]


def of_record(
    record: JobRecord, spec: BackendSpec, description: Mapping[str, Any]
) -> Failure | None:
    """The failure of a job: the smallest failing example, or the first that ended worse."""
    found = record.failure
    if found is not None:
        example, verdict, message = found.example, found.verdict, found.message
        law, heard = found.law, found.observations
    else:
        grave = next((each for each in record.records if each.verdict in GRAVE), None)
        if grave is None:
            return None
        example, verdict, message = grave.example, grave.verdict, grave.ruling.message
        law, heard = record.job.law, ()
    name = record.job.key[:16]
    job = record.job
    method = description["methods"][job.method]
    case = {
        "schema": "case-v1",
        "id": name,
        "backend": {"name": spec.name, "command": list(spec.argv)},
        "method": job.method,
        "law": law,
        "dtype": job.dtype,
        "params": dict(example.params),
        **given(example.method, example),
        "earlier": [given(example.method, step) for step in example.earlier],
        "seed": example.extra.get("seed", 0),
        "extra": dict(example.extra),
        "scale": method["scale"],
        "randomness": method["randomness"],
    }
    asked = list({repr(each.example): each.example for each in heard}.values()) or [example]
    observed = {
        "verdict": verdict,
        "message": message,
        "scaled_error": _scaled_error(record, example),
        **_expected(example),
        "asked": [_asked(each) for each in asked[:_MOST_ASKED]],
        "observed": [seen(each) for each in heard[:_MOST_ASKED]],
    }
    return Failure(name, json.loads(json.dumps(case, default=str)), observed)


def _scaled_error(record: JobRecord, example: Example) -> str | None:
    """The scaled error of the example, where it was measured."""
    wanted = repr(example)
    errors = [e.ruling.scaled_error for e in record.records if repr(e.example) == wanted]
    return str(errors[0]) if errors and errors[0] is not None else None


def _asked(example: Example) -> dict[str, Any]:
    """One request of the law, with what is right for it."""
    return {
        **given(example.method, example),
        "earlier": [given(example.method, step) for step in example.earlier],
        "seed": example.extra.get("seed", 0),
        **_expected(example),
    }


def given(method: str, step: Example | Step) -> dict[str, Any]:
    """The inputs and random inputs of a step by name: real numbers in C99 hex, others as such."""
    inputs, random = inputs_of(method, step), random_of(method, step)
    return {"inputs": _written(inputs), "random": _written(random) or None}


def _written(quantities: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _nested(values, real=QUANTITIES[name].kind == "real")
        for name, values in quantities.items()
    }


def _nested(value: Any, *, real: bool) -> Any:  # noqa: ANN401  (of any shape)
    if isinstance(value, (list, tuple)):
        return [_nested(each, real=real) for each in value]
    return float(value).hex() if real else value


def _expected(example: Example) -> dict[str, Any]:
    """What is right for an example, exactly and as the nearest floats."""
    try:
        answer = answer_to(question(example, injected=True))
    except ValueError as error:
        return {"expected": None, "float64": None, "reason": str(error)}
    if answer.kind is not Kind.EXACT:
        return {"expected": None, "float64": None, "reason": f"{answer.kind}: {answer.reason}"}
    exact = {METHODS[example.method].main: [text(number) for number in answer.exact]}
    return {"expected": exact, "float64": list(answer.to_float64()), "reason": ""}


def text(number: Number) -> str:
    """An exact number in words: p/q, a sum of roots, or forty digits and an ellipsis."""
    if isinstance(number, Real):
        with ctx.workprec(tolerance.BITS):
            return f"{number.enclosure(tolerance.BITS).str(40, radius=False)}…"
    return str(number)


def seen(observation: Observation) -> dict[str, Any]:
    """An observation: each output over the declared scale, as floats."""
    return {
        "status": observation.status,
        "message": observation.message,
        **given(observation.example.method, observation.example),
        "outputs": {name: _floats(output) for name, output in observation.outputs.items()},
        "facts": json.loads(json.dumps(dict(observation.facts), default=str)),
    }


def _floats(output: Output) -> list[Any]:
    return [
        list(map(round_float64, each)) if isinstance(each, Sequence) else round_float64(each)
        for each in output
    ]


# On disk -----------------------------------------------------------------------------------


def files(failure: Failure, spec: BackendSpec) -> Files:
    """The three files of a failure; the backend is asked how it is called in plain Python."""
    texts = {PROGRAM: program(failure, spec)}
    for name, document in ((OBSERVED, failure.observed), (CASE, failure.case)):
        told = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True)
        texts[name] = told + "\n"
    return Files(failure.id, texts)


def write(folder: Path, found: Files) -> Path:
    """Write the three files of a failure; return their folder."""
    place = folder / FOLDER / found.id
    place.mkdir(parents=True, exist_ok=True)
    for name, body in found.texts.items():  # each is whole or not there, the case the last
        draft = place / f"{name}.draft"
        draft.write_text(body, encoding="utf-8")
        draft.replace(place / name)
    return place


def is_whole(folder: Path, name: str) -> bool:
    """Whether a folder of results holds all files of a failure."""
    return all((folder / FOLDER / name / each).is_file() for each in (PROGRAM, OBSERVED, CASE))


def copy(source: Path, folder: Path, name: str) -> None:
    """Copy the files of a failure from one folder of results to another."""
    place = folder / FOLDER / name
    place.mkdir(parents=True, exist_ok=True)
    for each in (PROGRAM, OBSERVED, CASE):
        draft = place / f"{each}.draft"
        shutil.copyfile(source / FOLDER / name / each, draft)
        draft.replace(place / each)


def program(failure: Failure, spec: BackendSpec) -> str:
    """The program that shows a failure: by the backend's own import, else over the wire."""
    snippet = _snippet(failure, spec)
    main = METHODS[failure.case["method"]].main
    asked = [
        {
            **{name: each[name] for name in ("inputs", "random", "earlier", "seed")},
            "exact": (each["expected"] or {}).get(main),
            "float64": each["float64"],
        }
        for each in failure.observed["asked"]
    ]
    if any(each["earlier"] for each in asked) and "earlier" not in (snippet or ""):
        snippet = None  # a session is the program's business, unless the snippet takes its steps
    message = " ".join(str(failure.observed["message"]).split())
    return filled(
        TEMPLATE,
        {
            "CALL": indented(_wire_call(failure) if snippet is None else snippet),
            "ASKED": pformat(asked, width=96, sort_dicts=False),
            "LAW": failure.case["law"],
            "METHOD": failure.case["method"],
            "MESSAGE_REPR": repr(message),
            "MESSAGE": message.replace("\\", "/").replace('"', "'"),
            "DTYPE": failure.case["dtype"],
            "MAIN": main,
            "PARAMS": repr(failure.case["params"]),
            "SCALE": repr(_scale(failure)),
        },
    )


def _scale(failure: Failure) -> float:
    """The declared scale as a number."""
    defaults = {each.name: each.default for each in METHODS[failure.case["method"]].parameters}
    tasks = example_of(failure.case).tasks
    if METHODS[failure.case["method"]].main not in SCALED:
        return 1.0
    try:
        value = scale.parse(failure.case["scale"]).value(tasks, defaults | failure.case["params"])
    except ValueError:
        return 1.0
    return float(value)


def _snippet(failure: Failure, spec: BackendSpec) -> str | None:
    """The backend's own way to be called in plain Python, asked of it in another process."""
    host = ("-m", "conformance.host")
    if tuple(spec.argv[1:3]) != host:
        return None
    asked = json.dumps([failure.case["method"], failure.case["params"]])
    command = [spec.argv[0], "-c", _ASK_FOR_SNIPPET, spec.argv[3], asked]
    try:
        told = output_of(command, dict(spec.variables), Limits(timeout=_SNIPPET_SECONDS))
    except ChildFailureError:
        return None
    _, sign, found = told.decode(errors="replace").partition("#SNIPPET\n")
    return found.strip() if sign else None


def _wire_call(failure: Failure) -> str:
    """Lines that ask the backend's program over the wire."""
    command = failure.case["backend"]["command"]
    own = bool(command) and command[0] == sys.executable
    shown = f"[sys.executable, *{command[1:]!r}]" if own else repr(command)
    return filled(WIRE, {"COMMAND": shown, "METHOD": failure.case["method"]})

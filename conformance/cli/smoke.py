"""``smoke``: three tiny cases, to see whether an adapter works at all before any verdict."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from conformance.cli import console, options, runs
from conformance.cli.trouble import Exit, Trouble

if TYPE_CHECKING:
    from conformance.backend import BackendSpec
    from conformance.reply import Reply
    from conformance.supervisor import Supervisor

Record = dict[str, Any]
Rows = tuple[tuple[float, ...], ...]

CASES: dict[str, Rows] = {
    "in conflict": ((1.0, 0.0), (-0.5, 1.0)),
    "at right angles": ((3.0, 0.0), (0.0, 4.0)),
    "one alone": ((3.0, 4.0),),
}
ORDERS = {1: ((),), 2: ((1,), (0,))}
BRIEF = 8
WIDEST_DTYPE = ("float64", "float32", "bfloat16")


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the backend and how it is run."""
    options.backends(parser)
    options.running(parser)
    parser.add_argument("--methods", type=options.names, metavar="a,b", help="only these methods")


def run(arguments: argparse.Namespace) -> int:
    """Ask each backend the three cases for every method that it offers."""
    runs.check_names(arguments)
    records = [_smoke(spec, arguments) for spec in runs.specs(arguments)]
    if arguments.json:
        console.emit(records)
    else:
        print("\n\n".join("\n".join(_lines(record)) for record in records))
    return Exit.OK if all(record["works"] for record in records) else Exit.BROKEN


def _smoke(spec: "BackendSpec", arguments: argparse.Namespace) -> Record:
    """Everything that one backend answered."""
    from conformance.supervisor import BrokenBackendError

    try:
        with runs.supervisor(spec, arguments) as supervisor:
            said = supervisor.describe()
            answers = list(_answers(supervisor, said, arguments.methods))
    except BrokenBackendError as error:
        log = " ".join(error.log.split())[-300:]
        sentence = f"{error}{f'; its log ends: {log}' if log else ''}"
        raise Trouble(sentence, Exit.BROKEN) from error
    return {
        "backend": spec.name,
        "name": said["name"],
        "version": said["version"],
        "works": bool(answers) and all(each["status"] == "answered" for each in answers),
        "answers": answers,
    }


def _answers(
    supervisor: "Supervisor", said: Record, wanted: tuple[str, ...] | None
) -> Iterator[Record]:
    """One record for each method and case."""
    from mtl_reference import METHODS

    for identity in METHODS:
        if identity in said["methods"] and (not wanted or identity in wanted):
            for case in CASES:
                yield _case(supervisor, identity, said["methods"][identity], case)


def _case(supervisor: "Supervisor", identity: str, description: Record, case: str) -> Record:
    """What the backend answered to one case, beside what is right."""
    import numpy as np

    from conformance.wire import Arrays

    rows = CASES[case]
    dtype = next(each for each in WIDEST_DTYPE if each in description["dtypes"])
    inputs = Arrays({"jacobian": np.array(rows)}, {"jacobian": dtype})
    injected = description["randomness"] == "injected"
    random = {"orders": [list(each) for each in ORDERS[len(rows)]]} if injected else None
    reply = supervisor.evaluate(identity, inputs, description["params"], random)
    return {
        "method": identity,
        "case": case,
        "status": _status(reply, len(rows[0])),
        "got": _direction(reply),
        "right": _right(identity, description, rows),
    }


def _right(identity: str, description: Record, rows: Rows) -> list[str]:
    """What is right at the backend's own parameters and scale, exact where that is short."""
    from conformance.cli.explanation import exact
    from conformance.scale import parse
    from mtl_reference import METHODS
    from mtl_reference.enclosure import round_float64
    from mtl_reference.rational import rational

    method = METHODS[identity]
    known = {each.name for each in method.parameters}
    params: Record = {k: v for k, v in description["params"].items() if k in known}
    if "orders" in method.randomness:
        params["orders"] = ORDERS[len(rows)]
    answer = method.direction(rows, **params)
    if not answer.outputs:
        return []
    factor = rational(parse(description["scale"]).value(len(rows), description["params"]))
    scaled = [each * factor for each in answer.exact]
    texts = [exact(each) for each in scaled]
    short = all(len(text) <= BRIEF for text in texts)
    return texts if short else [f"{round_float64(each):.6g}" for each in scaled]


def _status(reply: "Reply", width: int) -> str:
    """What became of a request, in a word or a sentence."""
    import numpy as np

    if reply.status != "ok":
        return f"{reply.status}: {reply.message}"
    direction = reply.outputs.get("direction")
    if direction is None:
        return "there is no direction among its outputs"
    if direction.shape != (width,):
        return f"direction must have shape ({width},) (got {direction.shape})"
    return "answered" if np.isfinite(direction).all() else "direction is not finite"


def _direction(reply: "Reply") -> list[str]:
    """The direction as text; empty where there is none."""
    direction = reply.outputs.get("direction")
    return [] if direction is None else [f"{each:.6g}" for each in direction.ravel().tolist()]


def _lines(record: Record) -> list[str]:
    """One backend's answers as a table, and the result as a sentence."""
    rows = [
        [
            ("✓", "good") if each["status"] == "answered" else ("✗", "bad"),
            each["method"],
            each["case"],
            " ".join(each["right"]) or "undefined",
            " ".join(each["got"]) if each["status"] == "answered" else each["status"],
        ]
        for each in record["answers"]
    ]
    title = f"{record['backend']}: {record['name']} {record['version']}"
    table = console.table(["", "method", "gradients", "right", "got"], rows) if rows else []
    return [console.paint(title, "strong"), *table, "", _sentence(record)]


def _sentence(record: Record) -> str:
    """The result."""
    answers = record["answers"]
    broken = sum(1 for each in answers if each["status"] != "answered")
    if not answers:
        return f"{record['backend']} offers none of the methods."
    if broken:
        return f"{record['backend']} is broken: {broken} of {len(answers)} cases have no answer."
    methods = len({each["method"] for each in answers})
    return f"{record['backend']} works: {methods} methods answer; certify says how well."

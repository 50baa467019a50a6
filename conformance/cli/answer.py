"""``answer``: what is right for one matrix, why it is right, and how exactly it can be known."""

import argparse
import json
import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from conformance.cli import console, matrix
from conformance.cli.options import assignment, number
from conformance.cli.trouble import Exit, Trouble, unknown
from mtl_reference.method import Method, Parameter

Record = Mapping[str, Any]

LONGEST = 12
BRIEF = 24  # longer exact values give way to their size
WORDS = {
    "exact": ("the answer is exact", "good"),
    "set": ("a set of answers is right", "warn"),
    "undefined": ("the definition has no answer", "warn"),
}


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the method, the matrix and the method's parameters."""
    parser.add_argument("method", metavar="METHOD", help="a name from 'list methods'")
    form = '.npy, .json or .csv; decimals are read as float64, "p/q" as exact fractions'
    parser.add_argument("--jacobian", type=Path, metavar="FILE", help=f"one gradient a row: {form}")
    parser.add_argument("--losses", type=Path, metavar="FILE", help="one loss a task: the same")
    parser.add_argument(
        "--input", type=assignment, action="append", default=[], metavar="NAME=FILE",
        help="another input or random input of the method; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--param", type=assignment, action="append", default=[], metavar="NAME=VALUE",
        help="a parameter of the method, a,b,c for one number a task; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--orders", type=json.loads, metavar="JSON",
        help="for each task the other tasks in the order met, as in [[1, 2], [2, 0], [0, 1]]",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Print what is right for the inputs; 1 if a certificate does not hold."""
    from conformance.cli.explanation import explanation
    from conformance.question import Moment, Question, parameters
    from mtl_reference import METHODS

    method = METHODS.get(arguments.method)
    if method is None:
        unknown("method", arguments.method, METHODS)
    params = params_of(method, arguments.param)
    files = _files(method, arguments)
    given = {name: matrix.quantity(name, file) for name, file in files.items()}
    orders = _orders(method, arguments.orders)
    random = {} if orders is None else {"orders": orders}
    random |= {name: given[name] for name in method.randomness if name in given}
    inputs = tuple((name, given[name]) for name in method.inputs if name in given)
    try:
        step = Moment(inputs, tuple(random.items()))
        record = explanation(Question(method.id, parameters(params), (step,)))
    except (ValueError, TypeError) as error:
        message = f"{method.id}: {error}"
        raise Trouble(message) from error
    record["files"] = {name: str(file) for name, file in files.items()}
    if arguments.json:
        console.emit(record)
    else:
        print("\n".join(lines(record)))
    return Exit.OK if all(each["holds"] for each in record["certificate"]) else Exit.BROKEN


def _files(method: Method, arguments: argparse.Namespace) -> dict[str, Path]:
    """The file of each input that is given; trouble names one that is missing or unknown."""
    files = {name: Path(file) for name, file in arguments.input}
    for name in ("jacobian", "losses"):
        if file := getattr(arguments, name):
            files[name] = file
    known = (*method.inputs, *(name for name in method.randomness if name != "orders"))
    for name in files:
        if name not in known:
            unknown(f"input of {method.id}", name, known)
    if method.inputs[0] not in files:
        first = method.inputs[0]
        option = f"--{first} FILE" if first in {"jacobian", "losses"} else f"--input {first}=FILE"
        message = f"{method.id} needs its {first}: give {option}"
        raise Trouble(message)
    return files


def params_of(method: Method, given: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The method's parameters: its defaults, and what was given."""
    known = {each.name: each for each in method.parameters}
    params: dict[str, Any] = {name: each.default for name, each in known.items()}
    for name, text in given:
        if name not in known:
            unknown(f"parameter of {method.id}", name, known)
        params[name] = _value(known[name], text)
    return params


def _value(parameter: Parameter, text: str) -> Any:  # noqa: ANN401  (a word, or numbers)
    """A parameter's value, if the definition allows it."""
    if parameter.choices:
        if text not in parameter.choices:
            unknown(f"value of {parameter.name}", text, parameter.choices)
        return text
    if parameter.shape and "," in text:
        return tuple(_value(parameter, each.strip()) for each in text.split(","))
    value = number(text)
    if value is None:
        message = f"{parameter.name} is a number or a fraction p/q (got '{text}')"
        raise Trouble(message)
    if parameter.minimum is not None and not value >= parameter.minimum:
        message = f"{parameter.name} must be at least {parameter.minimum} (got {text})"
        raise Trouble(message)
    return Fraction(text) if "/" in text else value


def _orders(method: Method, given: object) -> tuple[tuple[int, ...], ...] | None:
    """The orders in which tasks are met, for a method that has them."""
    if given is None:
        return None
    if "orders" not in method.randomness:
        message = f"{method.id} has no random orders; leave --orders away"
        raise Trouble(message)
    if not isinstance(given, list) or not all(isinstance(each, list) for each in given):
        message = "--orders is a list with one list of task indices for each task"
        raise Trouble(message)
    return tuple(tuple(each) for each in given)


def lines(record: Record) -> list[str]:
    """The whole answer as lines of text."""
    words, style = WORDS[record["kind"]]
    params = ", ".join(f"{name}={value}" for name, value in record["params"].items())
    size = ", ".join(" × ".join(map(str, each)) for each in record["shapes"].values())
    title = f"{record['method']}({params})" if params else str(record["method"])
    files = ", ".join(record["files"].values())
    place = console.shorten(f"on {files} ({size})", console.width() - len(title) - 1)
    said = f"{words}: {record['reason']}" if record["reason"] else words
    shown = [f"{console.paint(title, 'strong')} {place}"]
    shown += [console.paint(line, style) for line in textwrap.wrap(said, console.width())]
    for name, output in record["outputs"].items():
        shown += ["", *_output(name, output)]
    shown += _members(record)
    shown += _certificate(record["certificate"])
    shown += _bounds(record.get("bounds", {}))
    shown += _branches(record.get("branches", ()))
    if "…" in "".join(shown):
        shown += ["", console.paint("Cut to fit (…); --json has everything whole.", "dim")]
    return shown


def _members(record: Record) -> list[str]:
    """The first members of a set of answers."""
    members = record.get("members", ())
    shown: list[str] = []
    for rank, member in enumerate(members, start=1):
        title = f"direction {rank} of {record['members_in_all']}: orders {member['orders']}"
        shown += ["", *_output(title, member["direction"])]
    return shown


def _output(name: str, output: Sequence[Any]) -> list[str]:
    """A table of one output's numbers; rows of rows are numbered by both."""
    flat: list[tuple[str, Record]] = []
    for i, each in enumerate(output):
        flat += [(str(i), each)] if isinstance(each, Mapping) else _flat(i, each)
    rows = [
        [at, _float(each, "float64"), _float(each, "float32"), each["exact"]]
        for at, each in flat[:LONGEST]
    ]
    more = len(flat) - LONGEST
    table = console.table(["", "float64", "float32", "exact"], rows, align="rrrl")
    title = console.paint(name, "strong")
    return [title, *table, *([f"  … {more} more"] if more > 0 else [])]


def _flat(row: int, values: Sequence[Record]) -> list[tuple[str, Record]]:
    """One row of a matrix with its indices."""
    return [(f"{row}, {column}", each) for column, each in enumerate(values)]


def _float(each: Record, dtype: str) -> str:
    """The nearest float in the fewest digits that name it; ~ where its rounding is assumed."""
    value = float(each[dtype])
    if dtype == "float32":
        import numpy as np

        text = str(np.float32(value))
    else:
        text = repr(value)
    return text if each["proved"] else f"~{text}"


def _certificate(conditions: Sequence[Record]) -> list[str]:
    """The certificate: every condition, whether it holds, and by how much."""
    if not conditions:
        return []
    rows = [
        [
            ("✓", "good") if each["holds"] else ("✗", "bad"),
            each["name"],
            "= 0" if each["relation"] == "zero" else "≥ 0",
            each["value"] if len(each["value"]) <= BRIEF else f"{each['near']:.6g}",
        ]
        for each in conditions
    ]
    kept = sum(1 for each in conditions if each["holds"])
    title = f"certificate: {kept} of {len(rows)} conditions hold, checked exactly"
    hidden = len(rows) - 3 * LONGEST
    more = [f"  … {hidden} more"] if hidden > 0 else []
    table = console.table(["", "condition", "", "value"], rows[: 3 * LONGEST])
    return ["", console.paint(title, "strong"), *table, *more]


def _bounds(bounds: Mapping[str, Record]) -> list[str]:
    """How far from the exact answer an honest implementation may land, in each dtype."""
    if not bounds:
        return []
    rows = [
        [dtype, *(_brief(each[key]) for key in ("B", "condition", "allowed")), _judged(each)]
        for dtype, each in bounds.items()
    ]
    heads = ["dtype", "B", "B / ‖x*‖", "30 u B", "judged against"]
    title = console.paint("condition: an answer x is right if ‖x − x*‖ ≤ 30 u B", "strong")
    return ["", title, *console.table(heads, rows, align="lrrrl")]


def _judged(bound: Record) -> str:
    """Against how many answers a float implementation is judged."""
    if not bound.get("decided"):
        return "nothing: undecided"
    count = bound["outcomes"]
    return "this answer" if count == 1 else f"{count} answers: branches open"


def _branches(branches: Sequence[Record]) -> list[str]:
    """Every branch taken, and how far it is from turning."""
    if not branches:
        return []
    rows = [
        [
            each["decision"],
            "yes" if each["outcome"] else "no",
            _brief(each["value"]),
            *(_margin(each[dtype]) for dtype in ("float64", "float32")),
        ]
        for each in branches[:LONGEST]
    ]
    more = [f"  … {len(branches) - LONGEST} more"] if len(branches) > LONGEST else []
    title = "branches: margins are in moves that rounding can make; below 1 a branch is open"
    heads = ["decision", "taken", "value", "float64", "float32"]
    table = console.table(heads, rows, align="llrrr")
    return ["", console.paint(title, "strong"), *table, *more]


def _margin(margin: float | None) -> Any:  # noqa: ANN401  (text, or text and a style)
    """A margin; open ones stand out, and what cannot move at all is firm."""
    if margin is None:
        return ("firm", "good")
    return (f"{margin:.3g}", "good" if margin > 1 else "warn")


def _brief(value: float | None) -> str:
    """A number in few digits."""
    return "—" if value is None else f"{value:.4g}"

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
    from properties.example import Example

Record = dict[str, Any]
Rows = tuple[tuple[float, ...], ...]

CASES: dict[str, Rows] = {
    "in conflict": ((1.0, 0.0), (-0.5, 1.0)),
    "at right angles": ((3.0, 0.0), (0.0, 4.0)),
    "one alone": ((3.0, 4.0),),
}
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
            for case, rows in CASES.items():
                example = _example(identity, said["methods"][identity]["params"], rows)
                if example is not None:
                    yield _case(supervisor, example, said["methods"][identity], case)


def _case(supervisor: "Supervisor", example: "Example", description: Record, case: str) -> Record:
    """What the backend answered to one case, beside what is right."""
    from conformance.reading import randomness, request, shapes_of
    from mtl_reference import METHODS

    identity = example.method
    dtype = next(each for each in WIDEST_DTYPE if each in description["dtypes"])
    injected = description["randomness"] == "injected"
    random = randomness(example, dtype, identity) if injected else None
    inputs = request(example, dtype)
    reply = supervisor.evaluate(identity, inputs, description["params"], random)
    main = METHODS[identity].main
    return {
        "method": identity,
        "case": case,
        "status": _status(reply, main, shapes_of(example)[main]),
        "got": _output(reply, main),
        "right": _right(example, description),
    }


def _example(identity: str, params: Record, rows: Rows) -> "Example | None":
    """A case made of gradients, with no more inputs than it takes; None where it is none.

    What the method needs beside them is filled with small positive numbers.
    """
    from conformance.question import answer_to, question
    from mtl_reference import METHODS

    method = METHODS[identity]
    for names in (method.inputs[:1], method.inputs):
        example = _with_inputs(identity, names, params, rows)
        try:
            answer_to(question(example, injected=True))
        except (ValueError, TypeError):
            continue
        return example
    return None


def _with_inputs(identity: str, names: tuple[str, ...], params: Record, rows: Rows) -> "Example":
    """An example with some of the method's inputs, and all of its randomness."""
    from mtl_reference import METHODS, QUANTITIES
    from properties.example import Example

    method, tasks = METHODS[identity], range(len(rows))
    axes = {"T": len(rows), "2": 2}

    def filled(name: str) -> Any:  # noqa: ANN401  (of any shape)
        return _filled([axes.get(axis, len(rows[0])) for axis in QUANTITIES[name].shape])

    random = {"sample": tuple(tasks)} if "sample" in method.randomness else {}
    random |= {name: filled(name) for name in method.randomness if name not in {"orders", "sample"}}
    orders = tuple(tuple(other for other in tasks if other != task) for task in tasks)
    known = {each.name for each in method.parameters}
    others = [name for name in names if name != "jacobian" and QUANTITIES[name].kind == "real"]
    return Example(
        identity,
        rows if "jacobian" in names else (),
        {name: value for name, value in params.items() if name in known},
        orders if "orders" in method.randomness else None,
        inputs={name: filled(name) for name in others},
        random=random,
    )


def _filled(shape: list[int], start: int = 0) -> Any:  # noqa: ANN401  (of any shape)
    """Nested tuples of 1/4, 1/8 and so on: positive, and of a sum below 1 for what wants that."""
    if not shape:
        return 0.25
    if len(shape) == 1:
        return tuple(0.5 ** (start + place + 2) for place in range(shape[0]))
    return tuple(_filled(shape[1:], start + place) for place in range(shape[0]))


def _right(example: "Example", description: Record) -> list[str]:
    """What is right at the backend's own parameters and scale, exact where that is short."""
    from conformance.cli.explanation import exact
    from conformance.question import answer_to, question
    from conformance.reading import SCALED
    from conformance.scale import parse
    from mtl_reference import METHODS
    from mtl_reference.enclosure import round_float64
    from mtl_reference.rational import rational

    answer = answer_to(question(example, injected=True))
    if not answer.outputs:
        return []
    factor = rational(1)
    if METHODS[example.method].main in SCALED:
        value = parse(description["scale"]).value(example.tasks, description["params"])
        factor = rational(value)
    scaled = [each * factor for each in answer.exact]
    texts = [exact(each) for each in scaled]
    short = all(len(text) <= BRIEF for text in texts)
    return texts if short else [f"{round_float64(each):.6g}" for each in scaled]


def _status(reply: "Reply", main: str, shape: tuple[int, ...]) -> str:
    """What became of a request, in a word or a sentence."""
    import numpy as np

    if reply.status != "ok":
        return f"{reply.status}: {reply.message}"
    found = reply.outputs.get(main)
    if found is None:
        return f"there is no {main} among its outputs"
    if found.shape != shape:
        return f"{main} must have shape {shape} (got {found.shape})"
    return "answered" if np.isfinite(found).all() else f"{main} is not finite"


def _output(reply: "Reply", main: str) -> list[str]:
    """The main output as text; empty where there is none."""
    found = reply.outputs.get(main)
    return [] if found is None else [f"{each:.6g}" for each in found.ravel().tolist()]


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

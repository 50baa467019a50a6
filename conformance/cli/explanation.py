"""Everything that is right for one matrix, as one JSON-ready record: answer, certificate, bound."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from typing import Any

from flint import fmpq

from conformance.cli.conditioning import conditioning
from conformance.question import Moment, Question, answer_to
from mtl_reference import METHODS
from mtl_reference.enclosure import Number, decide, enclose, rounding32, rounding64
from mtl_reference.method import Kind, Orders, Relation, Residual

Record = dict[str, Any]

DIGITS = 40
MOST_TASKS_LISTED = 4
MOST_MEMBERS = 6


def explanation(asked: Question) -> Record:
    """The answer to a question (of one step), with its certificate, bound and branches."""
    method, inputs, params = METHODS[asked.method], asked.inputs, dict(asked.params)
    answer = answer_to(asked)
    record: Record = {
        "method": method.id,
        "paper": method.paper,
        "field": method.number_field,
        "shapes": {name: list(shape(values)) for name, values in inputs.items()},
        "params": {name: told(value) for name, value in params.items()},
        "kind": answer.kind.value,
        "reason": answer.reason,
        "outputs": {name: written(output) for name, output in answer.outputs.items()},
        "certificate": [],
    }
    if answer.kind is Kind.EXACT:
        shown = _with_orders(asked)
        residuals = method.certify(inputs, answer.outputs, shown.random, params)
        record["certificate"] = [checked(each) for each in residuals]
        record |= conditioning(shown, answer.exact)
    if answer.kind is Kind.SET and asked.drawn == ("orders",):
        found = list(members(asked))
        record |= {"members": found[:MOST_MEMBERS], "members_in_all": len(found) or None}
    return record


def _with_orders(asked: Question, orders: Orders | None = None) -> Question:
    """The question with orders, the first of all where none are told."""
    if asked.drawn != ("orders",):
        return asked
    chosen = next(every_order(asked.tasks)) if orders is None else orders
    step = asked.steps[-1]
    given = Moment(step.inputs, (*step.random, ("orders", chosen)))
    return Question(asked.method, asked.params, (*asked.steps[:-1], given))


def shape(values: object) -> tuple[int, ...]:
    """The lengths of nested tuples."""
    if not isinstance(values, tuple):
        return ()
    return (len(values), *(shape(values[0]) if values else ()))


def told(value: Any) -> Any:  # noqa: ANN401  (a number, a word, or several numbers)
    """A parameter as JSON holds it."""
    if isinstance(value, tuple):
        return [told(each) for each in value]
    return str(value) if isinstance(value, Fraction) else value


def written(output: object) -> Any:  # noqa: ANN401  (nested lists of records)
    """An output, vector or rows of vectors, with every number written out."""
    return [
        written(each) if isinstance(each, tuple) else number(each)
        for each in output  # type: ignore[attr-defined]
    ]


def number(value: Number) -> Record:
    """One number: exact text (a ball where there is none), and its nearest floats."""
    double, single = rounding64(value), rounding32(value)
    return {
        "exact": exact(value),
        "float64": double.value,
        "float32": single.value,
        "proved": double.proved and single.proved,
    }


def exact(value: Number) -> str:
    """A number as exact text, or as a ball "[mid +/- rad]" where its field has no notation."""
    if isinstance(value, fmpq):
        return str(value)
    if hasattr(value, "as_rational"):
        rational = value.as_rational()
        return str(value if rational is None else rational)
    return enclose(value, 4 * DIGITS).str(DIGITS)


def checked(residual: Residual) -> Record:
    """One condition of a certificate and whether it holds, decided exactly."""
    sign = decide(residual.value)
    holds = sign in {0, None} if residual.relation is Relation.ZERO else sign != -1
    return {
        "name": residual.name,
        "relation": residual.relation.value,
        "value": exact(residual.value),
        "near": rounding64(residual.value).value,
        "holds": holds,
        "proved": sign is not None,
    }


def members(asked: Question) -> Iterator[Record]:
    """The distinct admissible directions of a method with random orders, few tasks at most."""
    if asked.tasks > MOST_TASKS_LISTED:
        return
    seen: dict[str, None] = {}
    for orders in every_order(asked.tasks):
        answer = answer_to(_with_orders(asked, orders))
        if answer.kind is not Kind.EXACT:
            continue
        direction = written(answer.exact)
        key = " ".join(each["exact"] for each in direction)
        if key not in seen:
            seen[key] = None
            yield {"orders": [list(order) for order in orders], "direction": direction}


def every_order(tasks: int) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every way in which each task may meet the others."""
    others = [[j for j in range(tasks) if j != i] for i in range(tasks)]
    yield from product(*(tuple(permutations(each)) for each in others))

"""Everything that is right for one matrix, as one JSON-ready record: answer, certificate, bound."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product
from typing import Any

from flint import fmpq

from conformance.cli.conditioning import conditioning
from mtl_reference.enclosure import Number, decide, enclose, rounding32, rounding64
from mtl_reference.method import Kind, Method, Orders, Relation, Residual
from mtl_reference.rational import Jacobian

Record = dict[str, Any]
Params = Mapping[str, float | str | Fraction]

DIGITS = 40
MOST_TASKS_LISTED = 4
MOST_MEMBERS = 6


def explanation(method: Method, rows: Jacobian, params: Params, orders: Orders | None) -> Record:
    """The answer of a method for a jacobian (T, d), with its certificate, bound and branches."""
    given: dict[str, Any] = dict(params)
    if orders is not None:
        given["orders"] = orders
    answer = method.direction(rows, **given)
    record: Record = {
        "method": method.id,
        "paper": method.paper,
        "field": method.number_field,
        "tasks": rows.tasks,
        "width": rows.width,
        "params": {name: told(value) for name, value in params.items()},
        "kind": answer.kind.value,
        "reason": answer.reason,
        "outputs": {name: written(output) for name, output in answer.outputs.items()},
        "certificate": [],
    }
    if "orders" in method.randomness and orders is None:
        given["orders"] = next(every_order(rows.tasks))  # all share the answer, if it is exact
    if answer.kind is Kind.EXACT:
        residuals = method.certificate(rows, answer.outputs, **given)
        record["certificate"] = [checked(each) for each in residuals]
        record |= conditioning(method, rows, answer.exact, given)
    if answer.kind is Kind.SET:
        found = list(members(method, rows, params))
        record |= {"members": found[:MOST_MEMBERS], "members_in_all": len(found) or None}
    return record


def told(value: float | str | Fraction) -> float | str:
    """A parameter as JSON holds it."""
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


def members(method: Method, rows: Jacobian, params: Params) -> Iterator[Record]:
    """The distinct admissible directions of a method with random orders, few tasks at most."""
    if "orders" not in method.randomness or rows.tasks > MOST_TASKS_LISTED:
        return
    seen: dict[str, None] = {}
    for orders in every_order(rows.tasks):
        answer = method.direction(rows, **params, orders=orders)
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

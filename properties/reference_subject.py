"""The exact reference as a subject: judged with no tolerance at all."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import cast, final

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Real, decide, enclose
from mtl_reference.method import Answer, Kind, Relation
from mtl_reference.rational import jacobian
from properties.example import Example, Margin, Observation, Rows, Ruling, margin_of

BITS = 512  # working precision at which a refinable number is asked for its sign
NOTHING = jacobian([(0,)])

Key = tuple[tuple[str, float | str], ...]


def sign(number: Number) -> int | None:
    """Sign of a number; a refinable one that 512 bits do not tell from zero is zero, nan is None.

    >>> sign(Real(lambda bits: enclose(jacobian([(2,)]).row(0)[0], bits)))
    1
    """
    if not isinstance(number, Real):
        return decide(number)
    ball = number.enclosure(BITS)
    if not ball.is_finite():
        return None
    return bool(ball > 0) - bool(ball < 0)


@lru_cache(maxsize=512)
def _answer(
    method: str, rows: Rows, params: Key, orders: tuple[tuple[int, ...], ...] | None
) -> Answer:
    given = dict(params) if orders is None else {**dict(params), "orders": orders}
    return METHODS[method].direction(rows, **given)


def answer(example: Example) -> Answer:
    """The exact answer to an example; ValueError where the input is invalid."""
    params = tuple(sorted(example.params.items()))
    return _answer(example.method, example.rows, params, example.orders)


@final
class ReferenceSubject:
    """The methods of the reference, each margin exactly zero or not negative."""

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the exact answer; "refused" where the input is invalid."""
        del repeat
        if example.extra.get("invalid") == "whole numbers":
            return Observation(example, NOTHING, {}, "skipped", "exact numbers have no dtype")
        if example.extra.get("invalid") == "one row alone":
            example = replace(example, rows=cast("Rows", example.rows[0]))
        try:
            told = answer(example)
        except ValueError as error:
            return Observation(example, NOTHING, {}, "refused", str(error))
        rows = jacobian(example.rows)
        if told.kind is Kind.UNDEFINED or "direction" not in told.outputs:
            return Observation(example, rows, {}, "undefined", f"{told.kind}: {told.reason}")
        return Observation(example, rows, told.outputs)

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Pass if every margin keeps its relation exactly."""
        del law, example
        return weigh(margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Pass if the certificate, which never calls the solver, holds of the answer."""
        example = observation.example
        given = dict(example.params)
        if example.orders is not None:
            given["orders"] = example.orders  # type: ignore[assignment]  # a random input
        certificate = METHODS[example.method].certificate
        residuals = certificate(observation.jacobian, observation.outputs, **given)
        return weigh(margin_of(residual, observation) for residual in residuals)


def weigh(margins: Iterable[Margin]) -> Ruling:
    """Rule on margins with no tolerance: the first that fails is named."""
    worst = None
    for margin in margins:
        found = sign(margin.value)
        if found is None:
            return Ruling("undecided", message=f"{margin.name}: the value is not finite")
        if found < 0 or (margin.relation is Relation.ZERO and found):
            size = float(enclose(margin.value, 64).mid())
            kept = -abs(size)
            return Ruling("fail", kept, f"{margin.name}: {margin.relation} broken by {size!r}")
        worst = 0.0
    return Ruling("pass", worst)

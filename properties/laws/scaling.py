"""The laws of any aggregator on scales: of the whole jacobian, near and far, and of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ldexp
from typing import Any, cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.rational import rational
from mtl_reference.transcendental import power
from properties.example import Example, Margin, Rows, Subject
from properties.jacobians import representable
from properties.laws.aggregators import REGULAR
from properties.laws.law import (
    BOTH,
    Extra,
    Law,
    ask,
    defaulted,
    direction,
    parallel,
    same,
    times,
)
from properties.question import changed

SMALL = ("generic", "conflicting", "all_conflicting", "aligned", "dependent", "near_tie",
         "antiparallel", "zero_row", "duplicate", "tall", "self_opposing",
         "stationary")  # fmt: skip


def scaled_rows(rows: Rows, factors: Sequence[float]) -> Rows:
    """Rows times one factor, or each times its own."""
    factors = list(factors) * (len(rows) if len(factors) == 1 else 1)
    return tuple(
        tuple(entry * factor for entry in row) for row, factor in zip(rows, factors, strict=True)
    )


def stays_exact(rows: Rows, factors: Sequence[float], dtype: str) -> bool:
    """Whether rows times factors are numbers of the dtype."""
    factors = list(factors) * (len(rows) if len(factors) == 1 else 1)
    return all(
        representable(Fraction(entry) * Fraction(factor), dtype)
        for row, factor in zip(rows, factors, strict=True)
        for entry in row
    )


def _scaled(example: Example, factors: Sequence[float]) -> Example | None:
    """The rows that are combined times one factor, or each task's by its own, in every step.

    None where that leaves the dtype; the jacobian was drawn so that it does not.
    """
    rows, dtype = METHODS[example.method].rows, str(example.extra.get("dtype", "float64"))
    exact = True

    def change(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
        nonlocal exact
        shape = QUANTITIES[name].shape
        if name not in rows or (len(factors) > 1 and "T" not in shape):
            return values
        table = values if len(shape) > 1 else (values,)
        exact = exact and (table is example.rows or stays_exact(table, factors, dtype))
        scaled = scaled_rows(table, factors)
        return scaled if len(shape) > 1 else scaled[0]

    enlarged = changed(example, change)
    return enlarged if exact else None


def degree_of(example: Example) -> fmpq:
    """The degree of homogeneity: the method's, or what its claims say of the parameters."""
    from properties.claims import SHEETS

    degree = SHEETS[example.method].degree
    if degree is None:
        return fmpq(METHODS[example.method].degree)
    return degree(defaulted(example))


def _homogeneous(example: Example, subject: Subject) -> Iterator[Margin]:
    scale = cast("float", example.extra["scale"])
    enlarged = _scaled(example, [scale])
    if enlarged is None:
        return
    first, second = ask(subject, example), ask(subject, enlarged)
    factor = power(rational(scale), degree_of(example))
    slopes = {(0, "direction"): factor, (1, "direction"): fmpq(1)}
    expected = times(factor, direction(first))
    name = f"A(sG) = s^k A(G) at s = {scale:.3g}"
    yield from same(name, direction(second), expected, (first, second), slopes)


@st.composite
def _scales(draw: st.DrawFn, rows: Rows, dtype: str, *, widest: int = 26) -> Extra:
    """2**k, or an odd number times 2**k where that stays exact; 1e-8 to 1e8 unless told."""
    exponent = draw(st.integers(-widest, widest))
    odd = draw(st.sampled_from((1, 3, 5, 7, 25))) if abs(exponent) <= widest - 5 else 1
    scale = ldexp(odd, exponent)
    return {"scale": scale if stays_exact(rows, [scale], dtype) else ldexp(1, exponent)}


def _far_scales(rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, object]]:
    """Beyond 1e-8 to 1e8: to 1e-30 and 1e30."""
    far = st.integers(27, 100).flatmap(lambda k: st.sampled_from((k, -k)))
    scales = far.map(lambda k: ldexp(1.0, k))
    return scales.filter(lambda s: stays_exact(rows, [s], dtype)).map(lambda s: {"scale": s})


def _row_scaling(example: Example, subject: Subject) -> Iterator[Margin]:
    """Parallel; and the same where the method is of degree 0."""
    factors = cast("list[float]", example.extra["factors"])
    scaled = _scaled(example, factors)
    if scaled is None:
        return
    first, second = ask(subject, example), ask(subject, scaled)
    both = (first, second)
    if degree_of(example) == 0:
        yield from same("A(diag(c)G) = A(G)", direction(second), direction(first), both, BOTH)
        return
    yield from parallel("parallel", direction(first), direction(second), both, BOTH)


def _row_factors(rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    """Powers of two in ratios up to 1e8."""
    exponents = st.tuples(*[st.integers(-13, 13)] * len(rows))
    return exponents.map(lambda ks: {"factors": [ldexp(1.0, k) for k in ks]})


LAWS = (
    Law("homogeneous", "A", "A(sG) = s^k A(G), k the method's degree.", "s from 1e-8 to 1e8",
        "P X F", _homogeneous, SMALL, _scales, replays=True),
    Law("homogeneous-range", "A", "The same at far scales; tells the range where it holds.",
        "s beyond 1e-8 to 1e8, to 1e-30 and 1e30", "X F", _homogeneous,
        ("generic", "conflicting"), _far_scales, gates=False, replays=True),
    Law("row-scaling", "A", "A(diag(c)G) is parallel to A(G), up to sign; of degree 0: equal.",
        "c > 0, ratios to 1e8", "X F", _row_scaling, REGULAR, _row_factors, replays=True),
)  # fmt: skip

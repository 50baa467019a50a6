"""What is compared: directions in balls of 256 bits, the cones they lie in, and measures."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Final

from flint import arb

from mtl_reference import METHODS
from mtl_reference.enclosure import Vector, enclose
from mtl_reference.method import Kind
from mtl_reference.rational import jacobian
from properties.discovery.configurations import Rows
from properties.jacobians import natural_orders

BITS: Final = 256

Balls = tuple[arb, ...]
Variant = tuple[str, tuple[tuple[str, float | str], ...]]


def _variant(method: str, **params: float | str) -> Variant:
    return method, tuple(sorted(params.items()))


VARIANTS: Final[Mapping[str, Variant]] = MappingProxyType({
    "mean": _variant("mean"),
    "sum": _variant("sum"),
    "MGDA": _variant("mgda"),
    "PCGrad": _variant("pcgrad"),
    "GradOPS(-2)": _variant("gradops", alpha=-2.0),
    "GradOPS(-1)": _variant("gradops", alpha=-1.0),
    "GradOPS(0)": _variant("gradops", alpha=0.0),
    "GradOPS(1)": _variant("gradops", alpha=1.0),
    "GradOPS(2)": _variant("gradops", alpha=2.0),
    "CAGrad(1/2)": _variant("cagrad", c=0.5),
    "CAGrad(1)": _variant("cagrad", c=1.0),
    "CAGrad(2)": _variant("cagrad", c=2.0),
    "CAGrad(4)": _variant("cagrad", c=4.0),
    "IMTL-G": _variant("imtl_g"),
    "Nash-MTL": _variant("nash_mtl"),
    "FairGrad(1)": _variant("fairgrad", alpha=1.0),
    "FairGrad(2)": _variant("fairgrad", alpha=2.0),
    "UPGrad": _variant("upgrad"),
    "DualProj": _variant("dual_proj"),
    "Aligned-MTL": _variant("aligned_mtl"),
    "ConFIG": _variant("config"),
})  # fmt: skip


@lru_cache(maxsize=65536)
def direction(variant: str, rows: Rows) -> Balls | None:
    """The direction in balls; None where there is not one answer."""
    method, params = VARIANTS[variant]
    orders = {"orders": natural_orders(len(rows))} if METHODS[method].randomness else {}
    answer = METHODS[method].direction(rows, **dict(params), **orders)
    if answer.kind is not Kind.EXACT:
        return None
    return enclosed(answer.exact)


def enclosed(vector: Vector) -> Balls:
    """Exact numbers as balls."""
    return tuple(enclose(number, BITS) for number in vector)


def _dot(left: Sequence[arb], right: Sequence[arb]) -> arb:
    return sum((a * b for a, b in zip(left, right, strict=True)), arb(0))


def equal(left: Balls, right: Balls) -> bool:
    """Whether balls of 256 bits do not tell two directions apart."""
    return all(a.overlaps(b) for a, b in zip(left, right, strict=True))


def parallel(left: Balls, right: Balls) -> bool:
    """Whether two directions that are not zero point the same way."""
    return along(left, right) and bool(_dot(left, right) > 0)


def along(left: Balls, right: Balls) -> bool:
    """Whether two directions that are not zero lie on one line."""
    if not _dot(left, left) > 0 or not _dot(right, right) > 0:
        return False
    pairs = combinations(range(len(left)), 2)
    return all((left[i] * right[j] - left[j] * right[i]).contains(0) for i, j in pairs)


def no_longer(left: Balls, right: Balls) -> bool:
    """Whether the first direction is no longer than the second."""
    return bool(_dot(left, left) - _dot(right, right) <= 0) or equal(left, right) or bool(
        (_dot(left, left) - _dot(right, right)).contains(0)
    )  # fmt: skip


def _sides(rows: Rows, vector: Balls) -> list[arb]:
    return [_dot([arb(entry) for entry in row], vector) for row in rows]


def not_negative(numbers: Sequence[arb]) -> bool:
    """Whether no number is below 0, as far as balls tell."""
    return all(bool(number >= 0) or number.contains(0) for number in numbers)


def gains(rows: Rows, vector: Balls) -> bool:
    """No task's inner product is negative: the cone {x : Gx >= 0}."""
    return not_negative(_sides(rows, vector))


def weights(rows: Rows, vector: Balls) -> list[arb] | None:
    """The coefficients on independent rows; None where they are not unique."""
    gramian = jacobian(rows).gramian()
    if gramian.det() == 0:
        return None
    inverse, sides = gramian.inv(), _sides(rows, vector)
    count = range(len(rows))
    return [sum((arb(inverse[i, j]) * sides[j] for j in count), arb(0)) for i in count]


def positive(rows: Rows, vector: Balls) -> bool:
    """A combination of the rows without negative weights: the cone span+."""
    found = weights(rows, vector)
    return found is not None and not_negative(found)


def hull(rows: Rows, vector: Balls) -> bool:
    """A combination whose weights are not negative and sum to 1."""
    found = weights(rows, vector)
    return found is not None and not_negative(found) and sum(found, arb(-1)).contains(0)


PAIRS: Final[Mapping[str, Callable[[Balls, Balls], bool]]] = MappingProxyType(
    {"equal": equal, "parallel": parallel, "along": along, "no-longer": no_longer}
)
CONES: Final[Mapping[str, Callable[[Rows, Balls], bool]]] = MappingProxyType(
    {"gains": gains, "span+": positive, "hull": hull}
)
CHAINED: Final = ("stays", "rises", "falls")
CHAINS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "c": ("mean", "CAGrad(1/2)", "CAGrad(1)", "CAGrad(2)", "CAGrad(4)"),
    "alpha": ("GradOPS(-2)", "GradOPS(-1)", "GradOPS(0)", "GradOPS(1)", "GradOPS(2)"),
})  # fmt: skip


def least_gain(rows: Rows, vector: Balls) -> arb:
    """The least inner product with a row."""
    first, *others = _sides(rows, vector)
    for side in others:
        first = first.min(side)
    return first


def least_projection(rows: Rows, vector: Balls) -> arb:
    """The least inner product with a row over its length."""
    lengths = [arb(sum(entry * entry for entry in row)).sqrt() for row in rows]
    first, *others = [s / n for s, n in zip(_sides(rows, vector), lengths, strict=True)]
    for side in others:
        first = first.min(side)
    return first


def length(rows: Rows, vector: Balls) -> arb:
    """The Euclidean length."""
    del rows
    return _dot(vector, vector).sqrt()


MEASURES: Final[Mapping[str, Callable[[Rows, Balls], arb]]] = MappingProxyType(
    {"least gain": least_gain, "least projection": least_projection, "length": length}
)

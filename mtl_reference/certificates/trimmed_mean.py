"""Why a trimmed mean is right: entries clamped to the middle, less what was clamped.

The sum of what is left is told without sorting out entries: with a the b-th smallest entry and z
the b-th largest, clamp all entries to [a, z] and take b times a + z away. The method cuts a sorted
list instead.
"""

from collections.abc import Iterator
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual, finite
from mtl_reference.pairing import difference, length
from mtl_reference.rational import Jacobian, RationalVector


def certificate(
    jacobian: Jacobian, outputs: Outputs, *, trim_number: float = 0.0
) -> Iterator[Residual]:
    """Conditions on "direction" (d,): its distance from the clamped sums, and its range."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    trimmed = int(finite("trim_number", trim_number).p)
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    columns = [tuple(column) for column in zip(*rows, strict=True)]
    expected = tuple(_clamped(column, trimmed) for column in columns)
    value = length(difference(direction, expected))
    yield Residual("clamped sums", Relation.ZERO, value, {"direction": fmpq(1)})
    for place, (entry, column) in enumerate(zip(direction, columns, strict=True)):
        slope = {"direction": fmpq(1)}
        yield Residual(f"least {place}", Relation.NONNEGATIVE, entry - min(column), slope)
        yield Residual(f"largest {place}", Relation.NONNEGATIVE, max(column) - entry, slope)


def _clamped(column: RationalVector, trimmed: int) -> fmpq:
    """The mean of what lies between the b smallest and the b largest entries of a column."""
    if trimmed == 0:
        return sum(column, fmpq(0)) / len(column)
    low = next(x for x in column if _rank(x, column, above=False) >= trimmed > _below(x, column))
    high = next(x for x in column if _rank(x, column, above=True) >= trimmed > _beyond(x, column))
    clamped = sum((min(max(x, low), high) for x in column), fmpq(0))
    return (clamped - trimmed * (low + high)) / (len(column) - 2 * trimmed)


def _rank(entry: fmpq, column: RationalVector, *, above: bool) -> int:
    """How many entries are at least (or at most) this one, itself among them."""
    return sum(x >= entry if above else x <= entry for x in column)


def _below(entry: fmpq, column: RationalVector) -> int:
    return sum(x < entry for x in column)


def _beyond(entry: fmpq, column: RationalVector) -> int:
    return sum(x > entry for x in column)

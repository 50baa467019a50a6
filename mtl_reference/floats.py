"""Rows of floats as integers over powers of two, exact and in the sizes that flint takes fastest.

Each row is scaled by one power of two so that its entries have at most 61 digits: flint keeps
those in one machine word. What is left of the small entries beyond the binary point is set apart
in a second matrix, nearly empty, of digits in a finer unit: products of two such matrices are
several times as fast as those of one matrix of longer integers.
"""

from dataclasses import dataclass
from math import fmod, frexp
from typing import Final

from flint import fmpz, fmpz_mat

_SMALL_BITS: Final = 61  # flint keeps integers of up to 62 bits in one machine word
_LARGEST_SHIFT: Final = 900  # beyond it 2.0**shift leaves the range of binary64


@dataclass(frozen=True, slots=True)
class Digits:
    """T rows of d floats: 2**-shifts[i] times the sum of units[k] * parts[k] has them as row i."""

    parts: tuple[fmpz_mat, ...]
    units: tuple[fmpz, ...]
    shifts: tuple[int, ...]


def digits(table: list[list[float]]) -> Digits | None:
    """Finite floats as integers; None where a row would leave the range of binary64 on the way.

    >>> found = digits([[0.5, 0.0], [3.0, 2.0**-80]])
    >>> found.units, found.shifts, found.parts[1]
    ((2097152, 1), (82, 80), [0, 0]
    [0, 1])
    """
    tops, bottoms = map(max, table), map(min, table)
    sizes = [max(top, -bottom) for top, bottom in zip(tops, bottoms, strict=True)]
    shifts = tuple(_SMALL_BITS - frexp(size)[1] if size else 0 for size in sizes)
    if not all(0 <= shift <= _LARGEST_SHIFT for shift in shifts):
        return None
    factors = [2.0**shift for shift in shifts]
    moved = [[x * factor for x in line] for line, factor in zip(table, factors, strict=True)]
    coarse = fmpz_mat([list(map(float.__trunc__, line)) for line in moved])
    rests = [
        (row, column, *fmod(line[column], 1.0).as_integer_ratio())
        for row, line in enumerate(moved)
        for column in [k for k, x in enumerate(line) if not x.is_integer()]
    ]
    if not rests:
        return Digits((coarse,), (fmpz(1),), shifts)
    unit = max(below for *_, below in rests)  # all are powers of two
    fine = fmpz_mat(coarse.nrows(), coarse.ncols())
    for row, column, above, below in rests:
        fine[row, column] = above * (unit // below)
    extra = unit.bit_length() - 1
    return Digits((coarse, fine), (fmpz(unit), fmpz(1)), tuple(s + extra for s in shifts))

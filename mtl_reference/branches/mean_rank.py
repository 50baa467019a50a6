"""Mean ranks in balls: whole numbers and halves, which nothing moves.

Figures are compared as they are given, floats without any rounding, so there are no decisions to
turn: a tie stays one when an entry is moved by less than a float tells.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    lower_is_better: Sequence[bool],
    ties: str = "ordinal",
) -> Trace:
    """Mean ranks (methods,), compared as floats."""
    del outcome
    table = inputs["values"]
    methods, criteria = range(table.nrows()), range(table.ncols())
    total = [arb(0)] * table.nrows()
    for k in criteria:
        column = [float(table[i, k].mid()) * (1 if lower_is_better[k] else -1) for i in methods]
        for i in methods:
            total[i] += _rank(column, i, ties)
    return Trace(outputs={"ranks": tuple(each / table.ncols() for each in total)})


def _rank(column: Sequence[float], place: int, ties: str) -> arb:
    own = column[place]
    less = [other for other in column if other < own]
    equal = [other for other, value in enumerate(column) if value == own]
    if ties == "dense":
        return arb(1 + len(set(less)))
    if ties == "ordinal":
        return arb(1 + len(less) + equal.index(place))
    most = {"min": 0, "max": len(equal) - 1}
    return 1 + len(less) + (arb(most[ties]) if ties in most else arb(len(equal) - 1) / 2)

"""The standard error in balls: a smooth map of the figures where these differ."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """The error, without decisions; ZeroDivisionError for one figure alone."""
    del outcome
    figures = inputs["figures"].entries()
    count = len(figures)
    if count == 1:
        message = "one figure alone has no variance"
        raise ZeroDivisionError(message)
    middle = sum(figures, arb(0)) / count
    squares = sum(((each - middle) * (each - middle) for each in figures), arb(0))
    root = (squares.nonnegative_part() / (count * (count - 1))).sqrt()
    return Trace(outputs={"figure": (root,)})

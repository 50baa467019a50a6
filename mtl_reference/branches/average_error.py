"""The average error in balls: a linear map of the errors."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """The mean, without decisions."""
    del outcome
    errors = inputs["errors"].entries()
    return Trace(outputs={"figure": (sum(errors, arb(0)) / len(errors),)})

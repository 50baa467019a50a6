"""Soft modularization's weights in balls: a smooth map from the temperatures."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, form: str = "paper"
) -> Trace:
    """Weights (T,), without decisions; ZeroDivisionError where the code's form has no answer."""
    del outcome
    alphas = inputs["temperatures"].entries()
    if form == "paper":
        low = min(alphas, key=arb.mid)
        powers, total = [(low - alpha).exp() for alpha in alphas], 1
    elif all(alpha > 0 for alpha in alphas):
        powers, total = [1 / alpha for alpha in alphas], len(alphas)
    else:
        message = "a temperature that is not positive has no logarithm"
        raise ZeroDivisionError(message)
    whole = sum(powers, arb(0))
    return Trace(outputs={"weights": tuple(total * each / whole for each in powers)})

"""Dynamic task prioritization in balls: a smooth map from the indicators to the weights."""

from collections.abc import Mapping, Sequence
from typing import cast

from flint import arb, arb_mat

from mtl_reference.method import State, Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    gamma: float = 1.0,
    alpha: float = 0.5,
    state: State | None = None,
) -> Trace:
    """Weights (T,), without decisions; ZeroDivisionError where an indicator is not positive."""
    del outcome
    smooth = inputs["kpis"].entries()
    if state is not None:
        before = cast("Sequence[arb]", state["kpis"])
        pairs = zip(smooth, before, strict=True)
        smooth = [alpha * new + (1 - alpha) * old for new, old in pairs]
    if not all(kappa > 0 for kappa in smooth):
        message = "an indicator of 0 has no logarithm"
        raise ZeroDivisionError(message)
    weights = tuple(-_power(1 - kappa, gamma) * kappa.log() for kappa in smooth)
    return Trace(outputs={"weights": weights}, state={"kpis": tuple(smooth)})


def _power(base: arb, exponent: float) -> arb:
    """A power of a number that is 0 or away from it; a whole one also of one near 0."""
    if exponent == int(exponent):
        return base ** int(exponent)
    return arb(0) if base.is_zero() else (base.log() * exponent).exp()

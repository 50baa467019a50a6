"""Smooth Tchebycheff scalarization in balls: a smooth map from losses to value and weights."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    mu: float = 1.0,
    form: str = "linear",
) -> Trace:
    """Weights (T,) and value, without decisions; ZeroDivisionError where a logarithm is none."""
    del outcome
    losses, shares = inputs["losses"].entries(), inputs["preference"].entries()
    pairs = list(zip(losses, inputs["reference_losses"].entries(), strict=True))
    steps, slopes = [loss - ideal for loss, ideal in pairs], list(shares)
    if form == "log":
        if not all(loss > 0 and nadir > 0 for loss, nadir in pairs):
            message = "a loss that is not positive has no logarithm"
            raise ZeroDivisionError(message)
        steps = [(loss / nadir).log() for loss, nadir in pairs]
        slopes = [share / loss for share, loss in zip(shares, losses, strict=True)]
    heights = [share * step for share, step in zip(shares, steps, strict=True)]
    top = max(heights, key=arb.mid)
    powers = [((height - top) / mu).exp() for height in heights]
    whole = sum(powers, arb(0))
    weights = tuple(slope * each / whole for slope, each in zip(slopes, powers, strict=True))
    return Trace(outputs={"weights": weights, "value": (top + mu * whole.log(),)})

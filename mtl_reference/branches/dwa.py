"""Dynamic weight averaging in balls: a smooth map from both epochs' losses to the weights."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, temperature: float = 2.0
) -> Trace:
    """Weights (T,), without decisions; ZeroDivisionError where a previous loss is 0."""
    del outcome
    losses = inputs["losses"].entries()
    if "previous_losses" not in inputs:
        return Trace(outputs={"weights": (arb(1),) * len(losses)})
    before = inputs["previous_losses"].entries()
    if any(loss.contains(0) for loss in before):
        message = "a previous loss of 0 has no ratio to it"
        raise ZeroDivisionError(message)
    exponents = [a / b / temperature for a, b in zip(losses, before, strict=True)]
    top = max(exponents, key=arb.mid)
    powers = [(exponent - top).exp() for exponent in exponents]
    whole = sum(powers, arb(0))
    return Trace(outputs={"weights": tuple(len(powers) * each / whole for each in powers)})

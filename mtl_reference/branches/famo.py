"""FAMO in balls: a smooth map from both losses and the logits to the answer."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    learning_rate: float = 0.025,
    decay: float = 0.001,
) -> Trace:
    """Weights (T,) and next logits (T,), without decisions.

    ZeroDivisionError where a loss is not positive.
    """
    del outcome
    losses, before = inputs["losses"].entries(), inputs["previous_losses"].entries()
    if not all(loss > 0 for loss in (*losses, *before)):
        message = "a loss that is not positive has no logarithm"
        raise ZeroDivisionError(message)
    old = inputs["logits"].entries()
    shares = _softmax(old)
    falls = [(then / now).log() for then, now in zip(before, losses, strict=True)]
    mean = sum((share * fall for share, fall in zip(shares, falls, strict=True)), arb(0))
    slopes = (share * (fall - mean) for share, fall in zip(shares, falls, strict=True))
    new = [x - learning_rate * (slope + decay * x) for x, slope in zip(old, slopes, strict=True)]
    raw = [share / loss for share, loss in zip(_softmax(new), losses, strict=True)]
    whole = sum(raw, arb(0))
    weights = tuple(each / whole for each in raw)
    return Trace(outputs={"weights": weights, "logits": tuple(new)})


def _softmax(exponents: Sequence[arb]) -> list[arb]:
    top = max(exponents, key=arb.mid)
    powers = [(exponent - top).exp() for exponent in exponents]
    whole = sum(powers, arb(0))
    return [each / whole for each in powers]

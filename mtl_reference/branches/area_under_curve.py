"""The area under the curve in balls: a count, which nothing moves.

Confidences are compared as they are given, floats without any rounding, so there are no decisions
to turn: a tie stays one when an entry is moved by less than a float tells.
"""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool], *, labels: Sequence[int]
) -> Trace:
    """The area, compared as floats; ZeroDivisionError where a class does not occur."""
    del outcome
    pairs = list(zip(inputs["confidences"].entries(), labels, strict=True))
    high = [float(score.mid()) for score, label in pairs if label == 1]
    low = [float(score.mid()) for score, label in pairs if label == 0]
    if not high or not low:
        message = "a class does not occur"
        raise ZeroDivisionError(message)
    won = sum(int(p > n) + int(p >= n) for p in high for n in low)
    return Trace(outputs={"figure": (arb(won) / (2 * len(high) * len(low)),)})

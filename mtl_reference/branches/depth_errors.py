"""Depth errors in balls: |e| turns where a prediction is its depth, and both sides meet there."""

from collections.abc import Mapping

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """Both errors, without decisions; ZeroDivisionError where no pixel has a depth."""
    del outcome
    predicted, depths = inputs["predicted_depths"].entries(), inputs["depths"].entries()
    known = [(p, d) for p, d in zip(predicted, depths, strict=True) if not d.is_zero()]
    if not known:
        message = "no pixel has a depth"
        raise ZeroDivisionError(message)
    gaps = [(abs(p - d), abs(d)) for p, d in known]
    absolute = sum((gap for gap, _ in gaps), arb(0)) / len(known)
    relative = sum((gap / size for gap, size in gaps), arb(0)) / len(known)
    return Trace(outputs={"absolute": (absolute,), "relative": (relative,)})

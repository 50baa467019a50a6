"""An accuracy in balls: a count, which nothing moves."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    predictions: Sequence[int],
    labels: Sequence[int],
) -> Trace:
    """The share, without decisions; ZeroDivisionError where no label counts."""
    del inputs, outcome
    pairs = [(p, label) for p, label in zip(predictions, labels, strict=True) if label != -1]
    if not pairs:
        message = "no label counts"
        raise ZeroDivisionError(message)
    right = sum(found == label for found, label in pairs)
    return Trace(outputs={"figure": (arb(right) / len(pairs),)})

"""The mean intersection over union in balls: counts, which nothing moves."""

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
    """The mean, without decisions; ZeroDivisionError where no label counts."""
    del inputs, outcome
    pairs = [(p, label) for p, label in zip(predictions, labels, strict=True) if label != -1]
    if not pairs:
        message = "no label counts"
        raise ZeroDivisionError(message)
    kinds = {kind for pair in pairs for kind in pair}
    shares = []
    for kind in kinds:
        both = sum(found == kind == label for found, label in pairs)
        either = sum(kind in pair for pair in pairs)
        shares.append(arb(both) / either)
    return Trace(outputs={"figure": (sum(shares, arb(0)) / len(kinds),)})

"""The success rate in balls: a count, which nothing moves."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(
    inputs: Mapping[str, arb_mat],
    outcome: Mapping[str, bool],
    *,
    successes: Sequence[Sequence[int]],
) -> Trace:
    """The rate, without decisions."""
    del inputs, outcome
    best = max(sum(row) for row in successes)
    return Trace(outputs={"figure": (arb(best) / len(successes[0]),)})

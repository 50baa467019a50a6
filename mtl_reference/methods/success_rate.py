"""Success rate: the best mean success over the evaluations of a training run.

[YQHJHFL20] T. Yu, D. Quillen, Z. He, R. Julian, K. Hausman, C. Finn, S. Levine, Meta-World, 2020,
as CAGrad reports it (the maximum over training of the mean success).

The answer lies in Q. Nothing is undefined.
"""

from collections.abc import Sequence

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import matrix

METHOD = Method(
    id="success_rate",
    paper="[YQHJHFL20] Yu et al.: Meta-World (2020)",
    number_field="Q",
    inputs=("successes",),
    outputs=("figure",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def figure(successes: Sequence[Sequence[int]]) -> Answer:
    """Best share of successes (e, n), 0 or 1, over the evaluations (rows).

    ValueError for other numbers, none, and unequal rows.

    >>> figure([(0, 1, 0), (1, 1, 0)]).outputs["figure"]
    (2/3,)
    """
    rows = matrix("successes", successes)
    if not {entry for row in rows for entry in row} <= {0, 1}:
        message = "successes must be 0 or 1"
        raise ValueError(message)
    whole = [[int(entry.p) for entry in row] for row in rows]
    return Answer(Kind.EXACT, {"figure": (metrics.success_rate(whole),)})

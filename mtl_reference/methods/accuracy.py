"""Accuracy: the fraction of predictions that are the label.

[LJD19] S. Liu, E. Johns, A. J. Davison, End-to-End Multi-Task Learning with Attention, 2019, and
every table of a classification benchmark.

The answer lies in Q. A label of -1 counts for nothing. *Undefined* where no label counts.
"""

from collections.abc import Sequence

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import classes_of

METHOD = Method(
    id="accuracy",
    paper="[LJD19] Liu, Johns, Davison: End-to-End Multi-Task Learning with Attention (2019)",
    number_field="Q",
    inputs=("predictions", "labels"),
    outputs=("figure",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def figure(predictions: Sequence[int], *, labels: Sequence[int]) -> Answer:
    """Accuracy of predictions (n,) for labels (n,), -1 where there is none.

    ValueError for none, numbers that are not whole and unequal lengths.

    >>> figure([1, 2, 0], labels=[1, 1, -1]).outputs["figure"]
    (1/2,)
    """
    found, known = classes_of("predictions", predictions), classes_of("labels", labels)
    if len(found) == len(known) and not any(label != -1 for label in known):
        return Answer(Kind.UNDEFINED, reason="no label counts")
    return Answer(Kind.EXACT, {"figure": (metrics.accuracy(found, known),)})

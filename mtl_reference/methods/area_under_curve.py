"""Area under the curve: the chance that a positive outscores a negative, ties counting one half.

[HM82] J. A. Hanley, B. J. McNeil, The Meaning and Use of the Area under a Receiver Operating
Characteristic (ROC) Curve, 1982; the metric of GradOPS's census tables.

The answer lies in Q: pairs are counted. *Undefined* where one of the classes does not occur.
"""

from collections.abc import Sequence

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import numbers
from mtl_reference.weighting import Values

METHOD = Method(
    id="area_under_curve",
    paper="[HM82] Hanley, McNeil: The Meaning and Use of the Area under an ROC Curve (1982)",
    number_field="Q",
    inputs=("confidences", "labels"),
    outputs=("figure",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def figure(confidences: Values, *, labels: Sequence[int]) -> Answer:
    """AUC of confidences (n,) for labels (n,), 0 or 1.

    ValueError for numbers that are not finite, unequal lengths and other labels.

    >>> figure([3, 1, 1, 0], labels=[1, 1, 0, 0]).outputs["figure"]
    (7/8,)
    """
    exact, classes = numbers("confidences", confidences), [int(label) for label in labels]
    if len(exact) == len(classes) and set(classes) in ({0}, {1}):
        return Answer(Kind.UNDEFINED, reason=f"no label is {1 - classes[0]}")
    return Answer(Kind.EXACT, {"figure": (metrics.area_under_curve(exact, classes),)})

"""Mean intersection over union: for each class the pixels that agree over those that hold it.

[EVWWZ10] M. Everingham, L. Van Gool, C. K. I. Williams, J. Winn, A. Zisserman, The PASCAL Visual
Object Classes (VOC) Challenge, 2010; MTAN's code evaluates with it.

One confusion matrix over all pixels of a split; the answer lies in Q. A label of -1 counts for
nothing.

*Departures*
1. A class that neither labels nor predictions hold has no intersection over union (0/0) and is left
   out of the mean. Published code takes the mean over all classes, which is nan then.

*Undefined* where no label counts.
"""

from collections.abc import Sequence

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import classes_of

METHOD = Method(
    id="mean_iou",
    paper="[EVWWZ10] Everingham et al.: The PASCAL Visual Object Classes Challenge (2010)",
    number_field="Q",
    inputs=("predictions", "labels"),
    outputs=("figure",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def figure(predictions: Sequence[int], *, labels: Sequence[int]) -> Answer:
    """Mean IoU of predicted classes (n,) for labels (n,), -1 where there is none.

    ValueError for none, numbers that are no classes and unequal lengths.

    >>> figure([0, 1, 1, 3], labels=[0, 0, 1, -1]).outputs["figure"]
    (1/2,)
    """
    found, known = classes_of("predictions", predictions), classes_of("labels", labels)
    if len(found) == len(known) and not any(label != -1 for label in known):
        return Answer(Kind.UNDEFINED, reason="no label counts")
    table = metrics.confusion(found, known, 1 + max(*found, *known))
    return Answer(Kind.EXACT, {"figure": (metrics.mean_intersection_over_union(table),)})

"""Average error: the mean of the tasks' errors.

[SRS23] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023, the metric of its CelebA table.

The answer lies in Q. Nothing is undefined.
"""

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import Values, losses_of

METHOD = Method(
    id="average_error",
    paper="[SRS23] Shi et al.: Recon (2023), the CelebA table",
    number_field="Q",
    inputs=("errors",),
    outputs=("figure",),
    degree=1,
    rows=(),
    perturbation="entries",
)


def figure(errors: Values) -> Answer:
    """Mean of errors (T,); ValueError for none and for numbers that are not finite.

    >>> figure([1, 2]).outputs["figure"]
    (3/2,)
    """
    return Answer(Kind.EXACT, {"figure": (metrics.average_error(losses_of(errors, "errors")),)})

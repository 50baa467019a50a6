"""Depth errors: the means of |e| and of |e| / |depth| over the pixels that have a depth.

[LJD19] S. Liu, E. Johns, A. J. Davison, End-to-End Multi-Task Learning with Attention, 2019, and
its released code, which CAGrad, GradOPS and Recon evaluate with.

A depth of 0 says that there is none. The answers lie in Q, pooled over all pixels, and are never
multiplied by 100. *Undefined* where no pixel has a depth.
"""

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import Values, for_each_task, losses_of

METHOD = Method(
    id="depth_errors",
    paper="[LJD19] Liu, Johns, Davison: End-to-End Multi-Task Learning with Attention (2019)",
    number_field="Q",
    inputs=("predicted_depths", "depths"),
    outputs=("absolute", "relative"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def absolute(predicted_depths: Values, *, depths: Values) -> Answer:
    """Absolute and relative error of predictions (n,) for depths (n,).

    ValueError for none, numbers that are not finite and unequal lengths.

    >>> absolute([1, 5, 9], depths=[2, 4, 0]).outputs
    {'absolute': (1,), 'relative': (3/8,)}
    """
    found = losses_of(predicted_depths, "predicted_depths")
    exact = for_each_task("depths", depths, len(found))
    if not any(exact):
        return Answer(Kind.UNDEFINED, reason="no pixel has a depth")
    size, share = metrics.depth_errors(found, exact)
    return Answer(Kind.EXACT, {"absolute": (size,), "relative": (share,)})

"""Angle errors of surface normals: mean and median in degrees, and the share below a bound.

[EF15] D. Eigen, R. Fergus, Predicting Depth, Surface Normals and Semantic Labels with a Common
Multi-Scale Convolutional Architecture, 2015; evaluated by MTAN's code in the three papers.

An angle is the arc cosine of the inner product of two unit normals, clamped to [-1, 1]; a true
normal whose entries sum to 0 counts for nothing (the code's mask). Mean and median are balls; the
share, of angles strictly below ``degrees``, is in Q and decided exactly.

*Departures*
1. All pixels are pooled. The code averages each batch and then the batches, which is another
   number, above all for the median.

*Undefined* where no pixel has a true normal.
"""

from collections.abc import Sequence

from mtl_reference import metrics
from mtl_reference.method import Answer, Kind, Method, Parameter, finite
from mtl_reference.rational import Scalar, matrix

METHOD = Method(
    id="angle_errors",
    paper="[EF15] Eigen, Fergus: Predicting Depth, Surface Normals and Semantic Labels (2015)",
    number_field="balls; Q for the share",
    parameters=(Parameter("degrees", 11.25, "angles below it count as right", 0.0),),
    inputs=("predicted_normals", "true_normals"),
    outputs=("mean", "median", "within"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def mean(
    predicted_normals: Sequence[Sequence[Scalar]],
    *,
    true_normals: Sequence[Sequence[Scalar]],
    degrees: float = 11.25,
) -> Answer:
    """Mean, median and share of angles of predictions (n, 3) to true normals (n, 3).

    ValueError for numbers that are not finite, unequal lengths and degrees outside [0, 180].

    >>> found = mean([(1, 0, 0), (0, 1, 0)], true_normals=[(1, 0, 0), (0, 0, 1)], degrees=60)
    >>> found.outputs
    {'mean': (45,), 'median': (45,), 'within': (1/2,)}
    """
    bound = finite("degrees", degrees)
    if not 0 <= bound <= metrics.dense.DEGREES:
        message = f"degrees must lie in [0, 180] (got {degrees!r})"
        raise ValueError(message)
    found = matrix("predicted_normals", predicted_normals)
    exact = matrix("true_normals", true_normals)
    if len(found) == len(exact) and not any(sum(normal) for normal in exact):
        return Answer(Kind.UNDEFINED, reason="no pixel has a normal")
    angles = metrics.angles(found, exact)
    outputs = {
        "mean": (angles.mean,),
        "median": (angles.median,),
        "within": (angles.within(bound),),
    }
    return Answer(Kind.EXACT, outputs)

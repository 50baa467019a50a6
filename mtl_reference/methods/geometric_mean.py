"""Geometric mean of the losses, and the weights that its gradient gives them.

[CYBG19] S. Chennupati, G. Sistu, S. Yogamani, S. A. Rawashdeh, MultiNet++: Multi-Stream Feature
Aggregation and Geometric Loss Strategy for Multi-Task Learning, 2019, section 3.2 (GLS). From
general knowledge of the paper, which was not re-read.

The value is (L_1 ... L_T)^(1/T), and its derivatives value / (T L_i) are the weights, so that
sum_i w_i L_i is the value. It is rational or a square root where the root is exact (one task, two
tasks, equal losses), else balls, refined on demand.

*Undefined* where a loss is negative; and where one is 0 and there are others, as the value is 0
and has no derivative there.
"""

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method
from mtl_reference.transcendental import power
from mtl_reference.weighting import Values, first, losses_of

METHOD = Method(
    id="geometric_mean",
    paper="[CYBG19] Chennupati et al.: MultiNet++ (2019), geometric loss strategy",
    number_field="T-th roots of rationals; balls where T > 2",
    inputs=("losses",),
    outputs=("weights", "value"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(losses: Values) -> Answer:
    """Weights (T,) and value from losses (T,); ValueError where a loss is not finite.

    >>> weights([1, 4]).outputs
    {'weights': (1, 1/4), 'value': (2,)}
    """
    values = losses_of(losses)
    tasks = len(values)
    task = first(values, fmpq(0))
    if task is not None and (tasks > 1 or values[0] < 0):
        reason = f"losses[{task}] is not positive: the mean has no derivative"
        return Answer(Kind.UNDEFINED, reason=reason)
    if tasks == 1:
        return Answer(Kind.EXACT, {"weights": (fmpq(1),), "value": values})
    product = fmpq(1)
    for loss in values:
        product *= loss
    mean = power(product, fmpq(1, tasks))
    found = tuple(mean / (tasks * loss) for loss in values)
    return Answer(Kind.EXACT, {"weights": found, "value": (mean,)})

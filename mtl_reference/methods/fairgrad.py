"""FairGrad: the step at which all tasks' gains are alpha-fair.

[BJ24] H. Ban, K. Ji, Fair Resource Allocation in Multi-Task Learning, 2024: d = sum a_i g_i with
K a = a^(-1/alpha), a > 0, K the Gramian (equation 4, from general knowledge of the paper). Such a d
maximises sum_i <g_i, d>^(1 - alpha) / (1 - alpha), for alpha = 1 the sum of logarithms, among all
directions of its length.

The answer is algebraic for rational alpha; it is enclosed, and the enclosure proved by an interval
Newton step (equilibrium.py). alpha = 1 is Nash-MTL's equation. The degree is
(1 - alpha) / (1 + alpha): g_i -> s g_i gives a_i -> s^(-2 alpha / (1 + alpha)) a_i.

*Departures*
1. Exact; the released code minimises the squared residual from equal weights by a general solver.
2. alpha > 0. At alpha = 0 the released code takes equal weights: no limit of the equation, which
   has all a_i -> 1.

*Degenerate cases.* 0 in the hull of the rows (Pareto stationary, a zero row): *undefined*, decided
exactly. Parallel rows of one sense and dependent rows are no exception.
"""

from mtl_reference.equilibrium import Equilibrium
from mtl_reference.method import Answer, Kind, Method, Parameter, finite
from mtl_reference.methods.nash_mtl import stationary
from mtl_reference.pairing import combine
from mtl_reference.rational import Rows, jacobian

METHOD = Method(
    id="fairgrad",
    paper="[BJ24] Ban, Ji: Fair Resource Allocation in Multi-Task Learning (2024)",
    number_field="algebraic numbers, enclosed",
    parameters=(Parameter("alpha", 1.0, "fairness, positive: 1 is Nash-MTL's", minimum=0.0),),
    outputs=("direction", "weights"),
    degree=0,
)


def direction(rows: Rows, *, alpha: float = 1.0) -> Answer:
    """Answer for rows of shape (T, d): direction (d,), and its weights a (T,).

    Raises ValueError for rows that are not finite and for alpha <= 0.

    >>> print(direction([(8, 0), (0, 1)], alpha=2).to_float64())
    (0.5, 1.0)
    """
    fairness = finite("alpha", alpha)
    if fairness <= 0:
        message = f"alpha must be positive (got {alpha})"
        raise ValueError(message)
    gradients = jacobian(rows)
    gramian = gradients.gramian()
    reason = stationary(gramian)
    if reason:
        return Answer(Kind.UNDEFINED, reason=reason)
    weights = Equilibrium(gramian, 1 / fairness).weights()
    return Answer(Kind.EXACT, {"direction": combine(gradients, weights), "weights": weights})

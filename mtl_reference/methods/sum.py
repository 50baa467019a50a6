"""Sum: the sum of the gradients, the gradient of the total loss.

[YKGLHF20] T. Yu, S. Kumar, A. Gupta, S. Levine, K. Hausman, C. Finn, Gradient Surgery for
Multi-Task Learning, 2020, section 2, where it is the gradient that PCGrad mends.

The answer lies in Q: it is linear in the gradients.

*Departures* none. *Undefined* nowhere.
"""

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import Rows, jacobian

METHOD = Method(
    id="sum",
    paper="[YKGLHF20] Yu et al.: Gradient Surgery for Multi-Task Learning (2020), section 2",
    number_field="Q",
)


def direction(rows: Rows) -> Answer:
    """Sum of the rows (T, d); ValueError for a jacobian that is not finite.

    >>> print(*direction([(1, 0), (0.5, 1)]).exact)
    3/2 1
    """
    gradients = jacobian(rows)
    weights = [fmpq(1)] * gradients.tasks
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights)})

"""Mean: the average of the gradients, the gradient of the average loss.

[LLJSL21] B. Liu, X. Liu, X. Jin, P. Stone, Q. Liu, Conflict-Averse Gradient Descent for
Multi-task Learning, 2021, section 3, where it is g_0.

The answer lies in Q: it is linear in the gradients.

*Departures* none. *Undefined* nowhere.
"""

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method
from mtl_reference.rational import Rows, jacobian

METHOD = Method(
    id="mean",
    paper="[LLJSL21] Liu et al.: Conflict-Averse Gradient Descent (2021), section 3",
    number_field="Q",
)


def direction(rows: Rows) -> Answer:
    """Average of the rows (T, d); ValueError for a jacobian that is not finite.

    >>> print(*direction([(1, 0), (0.5, 1)]).exact)
    3/4 1/2
    """
    gradients = jacobian(rows)
    weights = [fmpq(1, gradients.tasks)] * gradients.tasks
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights)})

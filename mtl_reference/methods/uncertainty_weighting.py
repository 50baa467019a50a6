"""Uncertainty weighting: each loss over its task's variance, and a price for large variances.

[KGC18] A. Kendall, Y. Gal, R. Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses for
Scene Geometry and Semantics, 2018, section 3.2.

With s_i = log sigma_i^2 the value is sum_i (L_i e^-s_i + s_i) / 2 for regression (equations (5) to
(7)) and sum_i L_i e^-s_i + s_i / 2 for classification (equation (10)). The weights are the
derivatives of the value by the losses. Both are balls, refined on demand, and rational where every
s_i is 0.

*Departures*
1. One form for all tasks; the paper mixes them by the kind of each task.
2. The paper trains s with the network. Here s is given, as for one step of that training.

Nothing is undefined. A loss that is not positive leaves no optimal s: the value is unbounded below.
"""

from typing import Final

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.pairing import added, inner
from mtl_reference.transcendental import exponential
from mtl_reference.weighting import Values, for_each_task, losses_of

FORMS: Final = ("regression", "classification")

METHOD = Method(
    id="uncertainty_weighting",
    paper="[KGC18] Kendall, Gal, Cipolla: Multi-Task Learning Using Uncertainty (2018), (7), (10)",
    number_field="balls; Q where every log-variance is 0",
    parameters=(Parameter("form", "regression", "the likelihood of the tasks", None, FORMS),),
    inputs=("losses", "log_variances"),
    outputs=("weights", "value"),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(losses: Values, *, log_variances: Values, form: str = "regression") -> Answer:
    """Weights (T,) and value from losses (T,) and log-variances (T,).

    ValueError for numbers that are not finite, unequal lengths and an unknown form.

    >>> weights([3, 1], log_variances=[0, 0]).outputs
    {'weights': (1/2, 1/2), 'value': (2,)}
    """
    chosen("form", form, FORMS)
    values = losses_of(losses)
    logs = for_each_task("log_variances", log_variances, len(values))
    share = fmpq(1, 2) if form == "regression" else fmpq(1)
    found = tuple(share * exponential(-log) for log in logs)
    value = inner(found, values) + added(logs) / 2
    return Answer(Kind.EXACT, {"weights": found, "value": (value,)})

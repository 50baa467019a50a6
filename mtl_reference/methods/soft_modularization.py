"""Soft modularization's weights of tasks: less for a task whose policy has become random.

[YXWW20] R. Yang, H. Xu, Y. Wu, X. Wang, Multi-Task Reinforcement Learning with Soft
Modularization, 2020, section 4.3. The routing network is an architecture, not a weighting, and
stands elsewhere.

``form="paper"``: softmax(-alpha) of the temperatures alpha of soft actor-critic, which sums to 1.
Balls, refined on demand; 1/T where all temperatures are equal.
``form="code"``: T softmax(-log alpha), the released code, which is T (1/alpha_i) / sum_j 1/alpha_j:
rational, sums to T, and is another function of the temperatures.

*Departures*
1. Both forms are kept apart by a parameter, as the paper and its code differ.

*Undefined* in the code's form where a temperature is not positive.
"""

from typing import Final

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter, chosen
from mtl_reference.transcendental import softmax
from mtl_reference.weighting import Values, first, losses_of

FORMS: Final = ("paper", "code")

METHOD = Method(
    id="soft_modularization",
    paper="[YXWW20] Yang et al.: Multi-Task RL with Soft Modularization (2020), section 4.3",
    number_field="balls for the paper's form, Q for the code's",
    parameters=(Parameter("form", "paper", "the printed or the released weights", None, FORMS),),
    inputs=("temperatures",),
    outputs=("weights",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(temperatures: Values, *, form: str = "paper") -> Answer:
    """Weights (T,) from temperatures (T,).

    ValueError for numbers that are not finite and an unknown form.

    >>> weights(["1/4", "1/2"], form="code").outputs["weights"]
    (4/3, 2/3)
    """
    chosen("form", form, FORMS)
    alphas = losses_of(temperatures, "temperatures")
    if form == "paper":
        return Answer(Kind.EXACT, {"weights": softmax([-alpha for alpha in alphas])})
    task = first(alphas, fmpq(0))
    if task is not None:
        reason = f"temperatures[{task}] is not positive and has no logarithm"
        return Answer(Kind.UNDEFINED, reason=reason)
    whole = sum((1 / alpha for alpha in alphas), fmpq(0))
    return Answer(Kind.EXACT, {"weights": tuple(len(alphas) / (alpha * whole) for alpha in alphas)})

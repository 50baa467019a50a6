"""GradNorm: weights that push the tasks' gradient norms towards targets set by training rates.

[CBLR18] Z. Chen, V. Badrinarayanan, C.-Y. Lee, A. Rabinovich, GradNorm: Gradient Normalization for
Adaptive Loss Balancing in Deep Multitask Networks, 2018, Algorithm 1.

The jacobian holds the gradients of the unweighted losses by the last shared layer, n_i their
lengths. With G_i = |w_i| n_i, G their mean, and r_i = (L_i / L_i(0)) over its mean, one step moves
w_i by -learning_rate times the derivative of sum_i |G_i - G r_i^alpha| (the target held constant),
which is sign(G_i - G r_i^alpha) n_i for w_i > 0, and then makes the weights sum to T. The answer is
a quotient of sums of square roots at the first step where alpha is a multiple of 1/2, else balls;
the signs are decided exactly, or by balls.

*State*: the weights, as balls where they are not rational, and the initial losses. A fresh state
takes both from the inputs; later steps take both from the state, and the inputs of these names are
then not read.

*Departures*
1. |x| has no derivative at 0: a task whose norm is its target, or whose weight is 0, stays where it
   is before the weights are made to sum to T (what automatic differentiation returns).
2. A plain gradient step; the paper's experiments hand the derivative to Adam.
3. Nothing keeps a weight positive. A negative one is taken as the formulas have it.

*Undefined* where an initial loss or the mean of the ratios is not positive, a ratio is negative, a
ratio of 0 meets alpha < 0, or the weights after the step sum to 0.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide, real
from mtl_reference.method import Answer, Kind, Method, Parameter, State, finite
from mtl_reference.pairing import added
from mtl_reference.rational import Rows, jacobian
from mtl_reference.surd import Surd, sqrt
from mtl_reference.transcendental import power
from mtl_reference.vectors import simplest
from mtl_reference.weighting import Values, first, for_each_task, not_negative

METHOD = Method(
    id="gradnorm",
    paper="[CBLR18] Chen et al.: GradNorm (2018), Algorithm 1",
    number_field="quotients of sums of square roots for alpha in Z/2, else balls",
    parameters=(
        Parameter("alpha", 1.5, "how strongly slow tasks are helped"),
        Parameter("learning_rate", 0.025, "length of the step on the weights", 0.0),
    ),
    inputs=("jacobian", "losses", "initial_losses", "weights"),
    outputs=("weights",),
    stateful=True,
    degree=0,
    perturbation="entries",
)


def weights(
    rows: Rows,
    *,
    losses: Values,
    initial_losses: Values | None = None,
    weights: Values | None = None,
    alpha: float = 1.5,
    learning_rate: float = 0.025,
    state: State | None = None,
) -> Answer:
    """Weights (T,) after one step, from gradients (T, d), losses, initial losses and weights (T,).

    In a fresh state initial losses that are left out are the losses, and weights are 1.
    ValueError for numbers that are not finite, unequal lengths and a rate < 0.

    >>> given = {"losses": [1, 1], "initial_losses": [1, 2], "learning_rate": 0.125}
    >>> weights([(3, 4), (0, 5)], weights=[1, 1], **given).outputs["weights"]
    (13/8, 3/8)
    """
    gradients, exponent = jacobian(rows), finite("alpha", alpha)
    rate, tasks = not_negative("learning_rate", learning_rate), gradients.tasks
    now = for_each_task("losses", losses, tasks)
    before, initial = _begun(now, initial_losses, weights) if state is None else _held(state)
    reason = _no_rates(now, initial, exponent)
    if reason:
        return Answer(Kind.UNDEFINED, reason=reason)
    gramian = gradients.gramian()
    lengths = [simplest(sqrt(gramian[task, task])) for task in range(tasks)]
    pairs = list(zip(before, lengths, strict=True))
    norms = [_sign(weight) * weight * length for weight, length in pairs]
    mean = added(norms) / fmpq(tasks)
    signs = [
        _sign(norm - mean * power(ratio, exponent)) * _sign(weight)
        for norm, ratio, weight in zip(norms, _rates(now, initial), before, strict=True)
    ]
    moved = [w - rate * sign * length for (w, length), sign in zip(pairs, signs, strict=True)]
    whole = added(moved)
    if _sign(whole) == 0:
        return Answer(Kind.UNDEFINED, reason="the weights after the step sum to 0")
    following = tuple(tasks * weight / whole for weight in moved)
    kept = {"weights": tuple(map(_kept, following)), "initial_losses": initial}
    return Answer(Kind.EXACT, {"weights": following}, state=kept)


def _kept(weight: Number) -> Number:
    """A weight as a later step takes it: quotients of sums of roots would grow with each step."""
    exact = weight.as_rational() if isinstance(weight, Surd) else None
    if exact is not None:
        return exact
    return weight if isinstance(weight, fmpq) else real(weight)


def _begun(
    now: Sequence[fmpq], initial: Values | None, given: Values | None
) -> tuple[Vector, Sequence[fmpq]]:
    """Weights and initial losses of a fresh state."""
    tasks = len(now)
    ones: Vector = (fmpq(1),) * tasks
    weights_ = ones if given is None else for_each_task("weights", given, tasks)
    return weights_, now if initial is None else for_each_task("initial_losses", initial, tasks)


def _held(state: State) -> tuple[Vector, Sequence[fmpq]]:
    """Weights and initial losses of a state."""
    return cast("Vector", state["weights"]), cast("Sequence[fmpq]", state["initial_losses"])


def _no_rates(now: Sequence[fmpq], initial: Sequence[fmpq], alpha: fmpq) -> str:
    """Why there are no relative training rates with a power alpha; empty where there are."""
    task = first(initial, fmpq(0))
    if task is not None:
        return f"the initial loss of task {task} is not positive"
    if any(loss < 0 for loss in now) or not any(now):
        return "a loss is negative, or all losses are 0: there are no training rates"
    if alpha < 0 and 0 in now:
        return f"the training rate of task {list(now).index(fmpq(0))} is 0, and alpha is negative"
    return ""


def _rates(now: Sequence[fmpq], initial: Sequence[fmpq]) -> list[fmpq]:
    """Relative inverse training rates r_i (section 3.1 [CBLR18]), whose mean is 1."""
    ratios = [loss / start for loss, start in zip(now, initial, strict=True)]
    mean = sum(ratios, fmpq(0)) / len(ratios)
    return [ratio / mean for ratio in ratios]


def _sign(number: Number) -> int:
    """The sign, 0 where balls do not tell it."""
    return decide(number) or 0

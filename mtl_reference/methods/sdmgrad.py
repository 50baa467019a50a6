"""SDMGrad: weights that trade the shortest direction against a preferred one, step by step.

[XBJ23] P. Xiao, H. Ban, K. Ji, Direction-oriented Multi-objective Learning: Simple and Provable
Stochastic Algorithms, 2023, Algorithm 1. From general knowledge of the paper, which was not
re-read.

The weights w descend half the squared length of the gradients weighed by w + lambda w0, w0 the
preference. The gradient K (w + lambda w0) is estimated without bias by the jacobians of two samples
that are independent: w <- P(w - learning_rate J1 J2' (w + lambda w0)), P the projection on the
simplex. What is answered weighs the losses: w + lambda w0, which sums to 1 + lambda. Over Q.

*State*: the weights w on the simplex. A fresh one weighs all tasks alike, 1 / T.

*Departures*
1. One step of the weights, without momentum. The released code takes twenty with momentum 1/2, on
   J1 J2' divided by the square of the mean length of the rows, and answers with weights that sum
   to 1, divided by 1 + lambda.
2. What the weights weigh is the caller's: the losses of a third sample.

*Degenerate cases.* One task has the weight 1 + lambda w0. Nothing is undefined.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter, State
from mtl_reference.rational import Jacobian, Rows
from mtl_reference.rational import jacobian as exact_rows
from mtl_reference.simplex import onto_simplex
from mtl_reference.weighting import Values, for_each_task, not_negative

METHOD = Method(
    id="sdmgrad",
    paper="[XBJ23] Xiao, Ban, Ji: Direction-oriented Multi-objective Learning (2023), Algorithm 1",
    number_field="Q",
    parameters=(
        Parameter("learning_rate", 0.1, "step size of the weights", 0.0),
        Parameter("lambda_", 0.3, "how strongly the preference pulls", 0.0),
    ),
    inputs=("jacobian", "second_jacobian", "preference"),
    outputs=("weights",),
    stateful=True,
    degree=0,
    rows=("jacobian", "second_jacobian"),
)


def weights(
    jacobian: Rows,
    *,
    second_jacobian: Rows,
    preference: Values | None = None,
    learning_rate: float = 0.1,
    lambda_: float = 0.3,
    state: State | None = None,
) -> Answer:
    """Weights w + lambda w0 (T,) after one step, from two jacobians (T, d).

    ``preference`` (T,) is w0, 1 / T each where it is not told. ValueError for numbers that are not
    finite, jacobians of two shapes, another number of preferences, and negative parameters.

    >>> rows = [(1, 0), (0, 2)]
    >>> found = weights(rows, second_jacobian=rows, learning_rate=0.25, lambda_=1.0)
    >>> found.outputs["weights"], found.state["weights"]
    ((11/8, 5/8), (7/8, 1/8))
    """
    rate, pull = not_negative("learning_rate", learning_rate), not_negative("lambda_", lambda_)
    first, second = samples(jacobian, second_jacobian)
    before = earlier(state, first.tasks)
    aim = preferred(preference, first.tasks)
    tilted = [w + pull * w0 for w, w0 in zip(before, aim, strict=True)]
    force = first.products(second.combine(tilted))
    after = onto_simplex([w - rate * f for w, f in zip(before, force, strict=True)], fmpq(1))
    weighed = tuple(w + pull * w0 for w, w0 in zip(after, aim, strict=True))
    return Answer(Kind.EXACT, {"weights": weighed}, state={"weights": after})


def samples(jacobian: Rows, second_jacobian: Rows) -> tuple[Jacobian, Jacobian]:
    """Both jacobians, exact; ValueError where they have two shapes."""
    first = exact_rows(jacobian)
    second = exact_rows(second_jacobian, "second_jacobian")
    if (first.tasks, first.width) != (second.tasks, second.width):
        shapes = f"({first.tasks}, {first.width}) and ({second.tasks}, {second.width})"
        message = f"the jacobians must have one shape (got {shapes})"
        raise ValueError(message)
    return first, second


def earlier(state: State | None, tasks: int) -> Sequence[fmpq]:
    """The weights that a state holds, 1 / T in a fresh one; ValueError for another number."""
    if state is None:
        return (fmpq(1, tasks),) * tasks
    before = cast("Sequence[fmpq]", state["weights"])
    if len(before) != tasks:
        message = f"state must have one weight for each task (got {len(before)} for {tasks} tasks)"
        raise ValueError(message)
    return before


def preferred(preference: Values | None, tasks: int) -> Sequence[fmpq]:
    """The preference w0, exact; 1 / T each where it is not told."""
    if preference is None:
        return (fmpq(1, tasks),) * tasks
    return for_each_task("preference", preference, tasks)

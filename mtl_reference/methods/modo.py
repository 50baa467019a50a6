"""MoDo: weights that take one projected gradient step at a time, on two independent samples.

[CFYC23] L. Chen, H. Fernando, Y. Ying, T. Chen, Three-Way Trade-Off in Multi-Objective Learning:
Optimization, Generalization and Conflict-Avoidance, 2023, equation (9a). From general knowledge of
the paper, which was not re-read.

The weights descend half the squared length of the weighted gradients. Its gradient K w is
estimated without bias by J1 J2' w, the jacobians of two samples that are independent:
w <- P(w - learning_rate (J1 J2' w + rho w)), P the projection on the simplex. The answer lies in Q.

*State*: the weights. A fresh one weighs all tasks alike, 1 / T.

*Departures*
1. One step of the weights. What the weights weigh is the caller's: the losses of a third sample,
   or of the two together.
2. rho = 0, the paper's basic form, unless it is told; it pulls the weights together.

*Degenerate cases.* One task has the weight 1. Nothing is undefined.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq

from mtl_reference.method import Answer, Kind, Method, Parameter, State
from mtl_reference.rational import Jacobian, Rows
from mtl_reference.rational import jacobian as exact_rows
from mtl_reference.simplex import onto_simplex
from mtl_reference.weighting import not_negative

METHOD = Method(
    id="modo",
    paper="[CFYC23] Chen et al.: Three-Way Trade-Off in Multi-Objective Learning (2023), (9a)",
    number_field="Q",
    parameters=(
        Parameter("learning_rate", 0.1, "step size of the weights", 0.0),
        Parameter("rho", 0.0, "how strongly the weights are pulled together", 0.0),
    ),
    inputs=("jacobian", "second_jacobian"),
    outputs=("weights",),
    stateful=True,
    degree=0,
    rows=("jacobian", "second_jacobian"),
)


def weights(
    jacobian: Rows,
    *,
    second_jacobian: Rows,
    learning_rate: float = 0.1,
    rho: float = 0.0,
    state: State | None = None,
) -> Answer:
    """Weights (T,) on the simplex after one step, from two jacobians (T, d).

    ValueError for numbers that are not finite, jacobians of two shapes, and negative parameters.

    >>> rows = [(1, 0), (0, 2)]
    >>> weights(rows, second_jacobian=rows, learning_rate=0.25).outputs["weights"]
    (11/16, 5/16)
    """
    rate, pull = not_negative("learning_rate", learning_rate), not_negative("rho", rho)
    first, second = samples(jacobian, second_jacobian)
    before = earlier(state, first.tasks)
    force = first.products(second.combine(before))
    moved = [w - rate * (f + pull * w) for w, f in zip(before, force, strict=True)]
    after = onto_simplex(moved, fmpq(1))
    return Answer(Kind.EXACT, {"weights": after}, state={"weights": after})


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

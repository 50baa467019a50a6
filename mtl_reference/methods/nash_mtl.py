"""Nash-MTL: the bargaining solution, at which every task's relative gain weighs the same.

[N22] A. Navon, A. Shamsian, I. Achituve, H. Maron, K. Kawaguchi, G. Chechik, E. Fetaya,
Multi-Task Learning as a Bargaining Game, 2022: d = sum a_i g_i with K a = 1/a, a > 0, and K the
Gramian.

The answer is algebraic: it is enclosed, and the enclosure proved by an interval Newton step
(equilibrium.py). d is the direction, among all of its length, with the largest product of the
<g_i, d>. Facts: |d|^2 = a'Ka = T; <g_i, d> = 1/a_i > 0; g_i -> c_i g_i gives a_i -> a_i / c_i and
the same d, so that the degree is 0; two tasks have a_i = 1 / (n_i sqrt(1 + cos)); one has g / |g|.

*Departures*
1. Exact where the released code takes at most 20 convex-concave steps and stops at a residual of
   1e-3, for the Gramian over its Frobenius norm: its a is a times the root of that norm.
2. ``max_norm`` 0 is no clip, as in the definition; the released code clips at 1. A longer d is
   scaled to ``max_norm``: then neither |d|^2 = T nor, without an update, the scaling of rows holds.
3. A step without an answer leaves the state as it was, so that the next one makes the update;
   the released code takes the weights of an older step.

*Weights* are the coefficients of d: a, times the clip's factor.

*State.* With ``update_every`` k the weights a of steps 0, k, 2k, ... serve up to the next of them.

*Degenerate cases.* 0 in the hull of the rows (Pareto stationary, a zero row): *undefined*, decided
exactly. Parallel rows of one sense and dependent rows are no exception.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq, fmpq_mat

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.equilibrium import Equilibrium
from mtl_reference.method import Answer, Kind, Method, Parameter, State, finite
from mtl_reference.pairing import combine, inner, length
from mtl_reference.rational import Jacobian, Rows, jacobian
from mtl_reference.simplex import minimum_norm

METHOD = Method(
    id="nash_mtl",
    paper="[N22] Navon et al.: Multi-Task Learning as a Bargaining Game (2022)",
    number_field="algebraic numbers, enclosed",
    parameters=(
        Parameter("max_norm", 0.0, "longest direction; 0 for no clip", minimum=0.0),
        Parameter("update_every", 1, "steps that one solution serves", minimum=1),
    ),
    outputs=("direction", "weights"),
    stateful=True,
    degree=0,
)


def direction(
    rows: Rows, *, max_norm: float = 0.0, update_every: int = 1, state: State | None = None
) -> Answer:
    """Answer for rows of shape (T, d): direction (d,), and its coefficients (T,) on the rows.

    Raises ValueError for rows that are not finite, max_norm < 0, and update_every not a whole
    number of at least 1.

    >>> print(direction([(3, 4)]).to_float64())
    (0.6, 0.8)
    """
    most, every = finite("max_norm", max_norm), finite("update_every", update_every)
    if most < 0:
        message = f"max_norm must not be negative (got {max_norm})"
        raise ValueError(message)
    if every.q != 1 or every < 1:
        message = f"update_every must be a whole number of at least 1 (got {update_every})"
        raise ValueError(message)
    gradients = jacobian(rows)
    step = int(cast("int", state["step"])) if state else 0
    if state and step % int(every.p) != 0:
        held = cast("Vector", state["weights"])
    else:
        reason = stationary(gradients.gramian())
        if reason:
            return Answer(Kind.UNDEFINED, reason=reason, state=state or {})
        held = Equilibrium(gradients.gramian(), fmpq(1)).weights()
    weights = clipped(gradients, held, most)
    outputs = {"direction": combine(gradients, weights), "weights": weights}
    return Answer(Kind.EXACT, outputs, state={"step": step + 1, "weights": held})


def stationary(gramian: fmpq_mat) -> str:
    """Why there is no solution: 0 lies in the hull of the rows; empty where it does not."""
    weights = fmpq_mat(gramian.nrows(), 1, minimum_norm(gramian))
    if (weights.transpose() * gramian * weights)[0, 0] != 0:
        return ""
    support = [task for task in range(gramian.nrows()) if weights[task, 0] != 0]
    return f"0 lies in the hull of the rows {', '.join(map(str, support))}: nothing is gained"


def clipped(gradients: Jacobian, weights: Sequence[Number], most: fmpq) -> Vector:
    """The weights, scaled so that the direction is no longer than ``most``, unless that is 0."""
    if most == 0:
        return tuple(weights)
    path = combine(gradients, weights)
    if decide(most * most - inner(path, path)) != -1:
        return tuple(weights)
    factor = most / length(path)
    return tuple(weight * factor for weight in weights)

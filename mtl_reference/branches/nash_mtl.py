"""Nash-MTL in balls: a smooth map from the Gramian to the weights, where there is an answer.

The decision "gain" tests whether there is one: the value is the length of sum_i a_i g_i over
sum_i a_i n_i, how far from 0 the combination of unit rows is. Beyond 0 lies no answer: taken the
other way, ZeroDivisionError. The decision "longer than max_norm" tests the length less max_norm,
which only a step without an update leaves open: else the length is the root of T.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from flint import arb, arb_mat

from mtl_reference.equilibrium import approached
from mtl_reference.method import Decision, State, Trace
from mtl_reference.rational import Scalar, rational


def trace(
    gramian: arb_mat,
    norms: Sequence[arb],
    outcome: Mapping[str, bool],
    *,
    max_norm: Scalar = 0.0,
    update_every: Scalar = 1,
    state: State | None = None,
) -> Trace:
    """Weights (T,), clip included; ZeroDivisionError where the definition has no answer."""
    step = cast("int", state["step"]) if state else 0
    decisions: list[Decision] = []
    if state is None or step % int(rational(update_every)) == 0:
        held, decision = solved(gramian, norms, outcome, arb(1))
        decisions.append(decision)
    else:
        held = cast("tuple[arb, ...]", state["weights"])
    most = arb(rational(max_norm))
    weights = held
    if most > 0:
        longest = _length(gramian, held)
        value = longest - most
        clip = outcome.get("longer than max_norm", bool(value.mid() > 0))
        decisions.append(Decision("longer than max_norm", value, clip))
        weights = tuple(a * most / longest for a in held) if clip else held
    return Trace(weights, tuple(decisions), state={"step": step + 1, "weights": held})


def solved(
    gramian: arb_mat, norms: Sequence[arb], outcome: Mapping[str, bool], power: arb
) -> tuple[tuple[arb, ...], Decision]:
    """The solution of K a = a^-power (T,), and the decision that there is one."""
    weights = None if any(norm.contains(0) for norm in norms) else approached(gramian, power)
    if weights is None or not outcome.get("gain", True):
        message = "0 lies in the hull of the rows"
        raise ZeroDivisionError(message)
    sizes = sum((a * norm for a, norm in zip(weights, norms, strict=True)), arb(0))
    return tuple(weights), Decision("gain", _length(gramian, weights) / sizes, outcome=True)


def _length(gramian: arb_mat, weights: Sequence[arb]) -> arb:
    row = arb_mat(1, len(weights), list(weights))
    return (row * gramian * row.transpose())[0, 0].nonnegative_part().sqrt()

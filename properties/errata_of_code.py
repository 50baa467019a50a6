"""False statements of printed formulas and of released code, each refuted exactly."""

from collections.abc import Mapping
from typing import cast

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import ParameterValue
from mtl_reference.pairing import inner
from mtl_reference.rational import Rows, jacobian
from properties.erratum import Erratum


def _weights(method: str, inputs: dict[str, object], **params: object) -> Vector:
    told = METHODS[method].answer(inputs, None, cast("Mapping[str, ParameterValue]", params))
    return cast("Vector", told.outputs["weights"])


def _away(vector: Vector, centre: list[fmpq]) -> Number:
    gap = [a - b for a, b in zip(vector, centre, strict=True)]
    return inner(gap, gap)


def _printed_dual() -> bool:
    """|g_w| = 2, c |g0| = 1: l (|g_w|^2/2 + 1) is 0 at l = 0; the dual's least value is 2."""
    least = min(fmpq(4) / (2 * x) + x / 2 for x in (fmpq(1), fmpq(2), fmpq(3)))
    return least == fmpq(2) and fmpq(0) * (fmpq(4) / 2 + 1) < least


def _extra_divisor() -> bool:
    """The least gain is F(w*) for g_w = sum w_i g_i; with another 1/T it would be half of it."""
    rows: Rows = [(1, 0), (0, 1)]
    found = METHODS["cagrad"].direction(rows, c=0.5).exact
    gains = [inner(jacobian(rows).row(task), found) for task in range(2)]
    return decide(gains[0] - gains[1]) == 0 and decide(gains[0] - fmpq(3, 4)) == 0


def _rescaled_tends_to_zero() -> bool:
    """d/(1 + c^2) is shorter than MGDA's direction a hundredfold at c = 1024."""
    rows: Rows = [(1, 0), (0, 1)]
    emitted = [e / (1 + 1024**2) for e in METHODS["cagrad"].direction(rows, c=1024.0).exact]
    return decide(fmpq(1, 2) - 100**2 * inner(emitted, emitted)) == 1


def _rescaled_leaves_the_ball() -> bool:
    """At c = 1/4 the answer lies on the sphere about g0, and over 1 + c^2 it does not."""
    rows: Rows = [(4, 0), (-2, 2)]
    mean, exact = [fmpq(1), fmpq(1)], METHODS["cagrad"].direction(rows, c=0.25).exact
    square = fmpq(2) * fmpq(1, 16)
    emitted = [e * fmpq(16, 17) for e in exact]
    return decide(_away(exact, mean) - square) == 0 and decide(_away(emitted, mean) - square) != 0


def _drops_a_task() -> bool:
    """Three tasks, one sampled: the code's remainder is g_3/2, the mean of the others is not."""
    rows = jacobian([(1, 0), (0, 1), (2, 0)])
    remainder = [(a + b) / 2 for a, b in zip(rows.row(1), rows.row(2), strict=True)]
    return remainder != [entry / 2 for entry in rows.row(2)]


def _nearly_a_vertex() -> bool:
    """(1, 0), (2, 0): with the weights .999 and .001 the first gain is below |d|^2."""
    x = fmpq(999, 1000) + 2 * fmpq(1, 1000)
    exact = METHODS["mgda"].direction([(1, 0), (2, 0)]).exact
    return x < x * x and exact == (fmpq(1), fmpq(0))


def _projects_on_itself() -> bool:
    """Told v = (-1/4, 1/4) after three projections of (1, 0); with its own it is (0, 1/4)."""
    rows: Rows = [(1, 0), (-1, 1), (-1, 0), (-1, -1)]
    orders = ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2))
    found = METHODS["pcgrad"].direction(rows, orders=orders).outputs["task_gradients"]
    kept = cast("Vector", found[0])
    return kept == (fmpq(-1, 4), fmpq(1, 4)) and decide(inner(kept, jacobian(rows).row(0))) == -1


def _initial_losses_forgotten() -> bool:
    """Losses 1, 1 after 2, 8: told that the initial ones are 1, 1 the weights are others."""
    given: dict[str, object] = {
        "jacobian": ((3, 4), (0, 2)), "losses": (1, 1), "weights": (1, 1),
    }  # fmt: skip
    kept = _weights("gradnorm", {**given, "initial_losses": (2, 8)}, alpha=1.0)
    lost = _weights("gradnorm", {**given, "initial_losses": (1, 1)}, alpha=1.0)
    return decide(kept[0] - lost[0]) != 0


def _margin() -> bool:
    """M = (1), g = -1/4: the projection is 0; with v >= 1/2 it is 1/4."""
    given = {"gradient": (-0.25,), "memory": ((1.0,),)}
    found = METHODS["gem"].answer(given, None, {}).exact
    return found == (fmpq(0),) and fmpq(-1, 4) + fmpq(1, 2) != 0


def _clamped() -> bool:
    """(3, -1) has the sum 2; clamped at 0 it has 3, and is not the nearest such point, (2, 0)."""
    shifted = [fmpq(3), fmpq(-1)]
    clamped = [max(entry, fmpq(0)) for entry in shifted]
    return sum(clamped, fmpq(0)) != sum(shifted, fmpq(0))


def _two_temperatures() -> bool:
    """Temperatures 1 and 2: e^(-1) : e^(-2) is not 1 : 1/2."""
    given: dict[str, object] = {"temperatures": (1, 2)}
    printed = _weights("soft_modularization", given, form="paper")
    code = _weights("soft_modularization", given, form="code")
    return decide(printed[0] - code[0] / 2) != 0


def _falls_at_its_constant() -> bool:
    """L_i = |x|^2/2, T = 2, L = 2: the sum falls at t = .999 * 2/(TL) for alpha = -2 and 2."""
    rows: Rows = [(2, 0), (-1, 1)]
    step, total = fmpq(999, 1000) / 2, (fmpq(1), fmpq(1))
    found = [METHODS["gradops"].direction(rows, alpha=alpha).exact for alpha in (-2.0, 2.0)]
    falls = [step * inner(total, d) - step * step * inner(d, d) for d in found]
    return all(decide(fall) == 1 for fall in falls)


def _order_of_tasks() -> bool:
    """Three conflicting tasks in all cycles: one answer."""
    rows = [(4, -1, -1), (-1, 4, -1), (-1, -1, 5)]
    turned = [*rows[1:], rows[0]]
    return METHODS["gradops"].direction(rows).exact == METHODS["gradops"].direction(turned).exact


def _stops_below_one() -> bool:
    """At c = 1/2 CAGrad stops where MGDA does: (1), (-1)."""
    rows: Rows = [(1,), (-1,)]
    return not any((*METHODS["cagrad"].direction(rows, c=0.5).exact,
                    *METHODS["mgda"].direction(rows).exact))  # fmt: skip


def _ranges_apart() -> bool:
    """L = l = 1: 2/(l - xi L) is above 1/L for every xi in [0, 1)."""
    return all(2 / (1 - xi) > 1 for xi in (fmpq(0), fmpq(1, 2), fmpq(9, 10)))


CAG = "CAGrad"
CODE: tuple[Erratum, ...] = (
    Erratum("E-OPS-4", ("gradops",), "expected of GradOPS, Theorem 2",
            "other weights need a smaller step", "2/(TL) is enough for every alpha",
            "(2,0), (-1,1), alpha = -2 and 2", _falls_at_its_constant),
    Erratum("E-OPS-5", ("gradops",), "expected of GradOPS",
            "the order of Gram and Schmidt changes the answer", "it changes the rounding alone",
            "(4,-1,-1), (-1,4,-1), (-1,-1,5)", _order_of_tasks),
    Erratum("E-CAG-7", ("cagrad",), f"{CAG}, Theorem 3.2 (1)",
            "fixed points are Pareto stationary for c >= 1",
            "for every c >= 0, as the appendix has", "(1), (-1), c = 1/2", _stops_below_one),
    Erratum("E-PCG-2", ("pcgrad",), "Yu et al. 2020, Theorems 1 and 2",
            "both speak of one step", "t <= 1/L and t >= 2/(l - xi L) > 1/L have nothing in common",
            "L = l = 1", _ranges_apart),
    Erratum("E-CAG-3", ("cagrad",), f"{CAG}, eq. (10)", "the dual holds l (|g_w|^2/2 + 1)",
            "|g_w|^2/(2 l) + l/2; as printed its infimum over l is 0", "|g_w| = 2", _printed_dual),
    Erratum("E-CAG-4", ("cagrad",), f"{CAG}, Algorithm 1", "g_w = (1/K) sum w_i g_i",
            "without 1/K, by which the value (12) would be divided; the direction is the same",
            "(1,0), (0,1), c = 1/2: the least gain is 3/4", _extra_divisor),
    Erratum("E-CAG-5b", ("cagrad", "mgda"), f"{CAG}, released code (rescale = 1)",
            "c -> infinity gives MGDA's update", "d/(1 + c^2) tends to 0",
            "(1,0), (0,1), c = 1024", _rescaled_tends_to_zero),
    Erratum("E-CAG-8", ("cagrad_fast",), f"{CAG}, released code (fast)",
            "the remainder is the mean of the tasks not sampled",
            "its loop begins one too late: one task is in neither",
            "(1,0), (0,1), (2,0), one sampled", _drops_a_task),
    Erratum("E-CAG-9", ("cagrad",), f"{CAG}, released code (rescale = 1)",
            "the update solves the problem on the ball", "over 1 + c^2 it is not its solution",
            "(4,0), (-2,2), c = 1/4", _rescaled_leaves_the_ball),
    Erratum("E-MGDA-2", ("mgda",), "Sener and Koltun 2018, released solver",
            "a minimum at a vertex is returned", "it returns .999 and .001: not the minimum",
            "(1,0), (2,0)", _nearly_a_vertex),
    Erratum("E-PCG-1", ("pcgrad",), "Yu et al. 2020, released code",
            "the loop over all tasks, its own too, changes nothing",
            "a gradient turned against itself is projected on itself",
            "(1,0), (-1,1), (-1,0), (-1,-1)", _projects_on_itself),
    Erratum("E-GN-1", ("gradnorm",), "mtrl, GradNorm", "rates of training by the previous loss",
            "by the initial loss; the weights differ", "losses 1, 1 after 2, 8",
            _initial_losses_forgotten),
    Erratum("E-GEM-1", ("gem",), "Lopez-Paz and Ranzato 2017, released code",
            "the quadratic program with v >= 1/2", "v >= 0: else it is no projection",
            "M = (1), g = -1/4", _margin),
    Erratum("E-ARML-1", ("arml",), "Shi et al. 2020, released code",
            "shift and clamp is the projection on the simplex", "the sum grows",
            "(3, -1)", _clamped),
    Erratum("E-SM-1", ("soft_modularization",), "Yang et al. 2020, released code",
            "weights e^(-alpha)", "the code's are as 1/alpha, another function",
            "temperatures 1, 2", _two_temperatures),
)  # fmt: skip

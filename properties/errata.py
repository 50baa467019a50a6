"""False statements of papers, of summaries, or expected of them: each with its refutation.

Every entry is checked exactly by ``refuted``; a test runs them all. What is a law of a method is in
the claims as well; here is what the texts say, beside what is true.
"""

from collections.abc import Sequence
from typing import cast

from flint import fmpq

from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Answer, Kind
from mtl_reference.pairing import inner
from mtl_reference.rational import Rows, jacobian
from mtl_reference.recon import closer_than_self, first_order_difference
from properties.errata_of_code import CODE
from properties.erratum import Erratum


def _direction(method: str, rows: Rows, **params: object) -> Vector:
    return METHODS[method].direction(rows, **params).exact


def _signs(rows: Rows, vector: Vector) -> list[int | None]:
    exact = jacobian(rows)
    return [decide(inner(exact.row(task), vector)) for task in range(exact.tasks)]


def _square(vector: Vector) -> Number:
    return inner(vector, vector)


def _stalls() -> bool:
    """GradOPS without the fallback stops where MGDA does not."""
    rows: Rows = [(2, 2), (2, 1), (0, -1)]
    stopped = _direction("gradops", rows, fallback="none")
    return all(entry == 0 for entry in stopped) and _square(_direction("mgda", rows)) > 0


def _task_gradients(method: str, rows: Rows, **params: object) -> Sequence[Vector]:
    outputs = METHODS[method].direction(rows, **params).outputs
    return cast("Sequence[Vector]", outputs["task_gradients"])


def _undefined() -> bool:
    """A task without projection and a negative alpha."""
    rows: Rows = [(1, 0), (fmpq(-1, 2), 1), (0, 1)]
    answer: Answer = METHODS["gradops"].direction(rows, alpha=-1.0, fallback="none")
    return answer.kind is Kind.UNDEFINED


def _jumps() -> bool:
    """g'_1 by a conflict of 1/1000 and by none at all."""
    found = []
    for sign in (1, -1):
        rows: Rows = [(1, 0, 0), (fmpq(sign, 1000), 1, 0), (fmpq(9, 10), 0, fmpq(1, 2))]
        found.append(_task_gradients("gradops", rows)[0])
    gap = [a - b for a, b in zip(*found, strict=True)]
    return bool(inner(gap, gap) > fmpq(1, 2))


def _mean_form() -> bool:
    """PCGrad averaged is half of GradOPS."""
    rows: Rows = [(1, 0), (-1, 1)]
    half = [entry / 2 for entry in _direction("pcgrad", rows, orders=((1,), (0,)))]
    ops = _direction("gradops", rows)
    return list(ops) != half and list(ops) == [2 * entry for entry in half]


def _pairwise() -> bool:
    """Two modified gradients against each other."""
    rows: Rows = [(1, 1, 1), (1, 1, 0), (1, -2, 0)]
    found = _task_gradients("gradops", rows)
    return any(inner(found[i], found[j]) < 0 for i in range(3) for j in range(i + 1, 3))


def _not_mgda() -> bool:
    """Three tasks in conflict: alpha = -2 is not parallel to MGDA."""
    rows: Rows = [(4, -1, -1), (-1, 4, -1), (-1, -1, 5)]
    first, second = _direction("gradops", rows, alpha=-2.0), _direction("mgda", rows)
    return bool(inner(first, second) * inner(first, second) != _square(first) * _square(second))


def _cagrad_conflicts() -> bool:
    """With c = 1/2 the first task loses."""
    rows: Rows = [(1, 0), (-3, fmpq(1, 2))]
    return -1 in _signs(rows, _direction("cagrad", rows, c=0.5))


def _norm_diverges() -> bool:
    """|d| grows with c: at c = 10 it is beyond five times MGDA's length."""
    rows: Rows = [(1, 0), (0, 1)]
    return bool(
        _square(_direction("cagrad", rows, c=10.0)) > 25 * _square(_direction("mgda", rows))
    )


def _representation() -> bool:
    """MGDA-UB's direction by (1,1), (1,-1) through J = ((1,0),(2,1)) conflicts with task 2."""
    rows, inside = [(3, 1), (-1, -1)], [(1, 1), (1, -1)]
    return -1 in _signs(rows, _direction("mgda_ub", rows, representation_jacobian=inside))


def _ascends() -> bool:
    """IMTL-G points uphill for every one of three tasks."""
    rows: Rows = [
        (fmpq(93, 1000), fmpq(1375, 1000), fmpq(526, 1000)),
        (fmpq(12026, 1000), fmpq(-4762, 1000), fmpq(2706, 1000)),
        (fmpq(157, 1000), fmpq(181, 1000), fmpq(271, 1000)),
    ]
    return _signs(rows, _direction("imtl_g", rows)) == [-1, -1, -1]


def _turns_against_itself() -> bool:
    """A gradient that meets three others ends against itself."""
    rows: Rows = [(1, 0), (-1, 1), (-1, 0), (-1, -1)]
    orders = ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2))
    found = _task_gradients("pcgrad", rows, orders=orders)[0]
    return decide(inner(jacobian(rows).row(0), found)) == -1


def _negative_weight() -> bool:
    """Theorem 4.1 with w = (1.2, -0.2)."""
    layer: Rows = [(3, 0), (0, 1)]
    weights = [fmpq(6, 5), fmpq(-1, 5)]
    return closer_than_self(layer) and first_order_difference([layer], weights) > 0


def _sum_update() -> bool:
    """Theorem 4.1 with the released code's sum."""
    layer: Rows = [(1, 0), (fmpq(4, 5), fmpq(7, 10))]
    return closer_than_self(layer) and first_order_difference([layer], [1, 1]) == fmpq(8, 5)


OPS, CAG, REC = "GradOPS", "CAGrad", "Recon"
ERRATA: tuple[Erratum, ...] = (
    Erratum("E-OPS-1", ("gradops",), f"{OPS}, Theorem 1 without its fallback",
            "GradOPS's projections converge to a Pareto-stationary point",
            "with more tasks than dimensions all g'_i may be 0 at a point that is not stationary;"
            " the fallback on MGDA is needed", "(2,2), (2,1), (0,-1)", _stalls),
    Erratum("E-OPS-2", ("gradops",), f"{OPS}, eq. (5)", "the weights are defined for every alpha",
            "for alpha < 0 they are undefined where some R_i = 0",
            "(1,0), (-1/2,1), (0,1), alpha = -1", _undefined),
    Erratum("E-OPS-3", ("gradops",), f"expected of {OPS}",
            "a small change of the gradients changes the answer a little",
            "for T >= 3 the answer jumps where a conflict appears",
            "(1,0,0), (eps,1,0), (9/10,0,1/2) at eps = ±1/1000", _jumps),
    Erratum("E-OPS-6", ("gradops", "pcgrad"), f"{OPS}, read without its form",
            "PCGrad is the case T = 2, alpha = 0, in any form",
            "of PCGrad's sum only; the mean form is half of it", "(1,0), (-1,1)", _mean_form),
    Erratum("E-OPS-7", ("gradops", "mgda"), f"{OPS}, section 4.1", "alpha = -2 gives MGDA",
            "exactly for two conflicting tasks, not for three",
            "(4,-1,-1), (-1,4,-1), (-1,-1,5)", _not_mgda),
    Erratum("E-OPS-8", ("gradops",), "summaries of GradOPS",
            "strong non-conflict means <g'_i, g'_j> >= 0",
            "it compares modified with original gradients; two modified ones may conflict",
            "(1,1,1), (1,1,0), (1,-2,0)", _pairwise),
    Erratum("E-CAG-5", ("cagrad", "mgda"), f"{CAG}, section 3", "c -> infinity recovers MGDA",
            "its direction; the length grows like c |g0|", "(1,0), (0,1), c = 10", _norm_diverges),
    Erratum("E-CAG-6", ("cagrad",), f"{CAG}, its name", "the update averts conflict for every c",
            "for c < 1 a task may lose", "(1,0), (-3,1/2), c = 1/2", _cagrad_conflicts),
    Erratum("E-MGDA-1", ("mgda_ub",), "Sener and Koltun 2018, Theorem 1(b)",
            "MGDA-UB's direction conflicts with no task if the representation has full rank",
            "it minimises in another metric",
            "J = ((1,0),(2,1)), representation gradients (1,1), (1,-1)", _representation),
    Erratum("E-IMTL-1", ("imtl_g",), "expected of Liu et al. 2021",
            "equal projections are a common descent",
            "for T >= 3 the common projection may be negative: every task ascends",
            "three rows in R^3", _ascends),
    Erratum("E-PCG-3", ("pcgrad",), "expected of Yu et al. 2020",
            "a projected gradient still serves its task",
            "after three projections it may point against its own gradient",
            "(1,0), (-1,1), (-1,0), (-1,-1)", _turns_against_itself),
    Erratum("E-REC-1", (), f"{REC}, Theorem 4.1", "the weights need only sum to 1",
            "they must not be negative", "(3,0), (0,1), w = (1.2, -0.2)", _negative_weight),
    Erratum("E-REC-2", (), f"{REC}, Theorem 4.1", "the theorem covers the released code",
            "that applies the sum, whose weights sum to T", "(1,0), (.8,.7)", _sum_update),
    *CODE,
)  # fmt: skip

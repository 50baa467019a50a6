"""The papers' own theorems and relations, each with what the machine says of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """A statement of a paper, how it stands, the theorems that show it, and what to know."""

    paper: str
    statement: str
    verdict: str
    theorems: tuple[str, ...]
    remark: str = ""


OPS, CAG, PCG, SK, NASH, REC = (
    "GradOPS", "CAGrad", "PCGrad", "Sener and Koltun 2018", "Nash-MTL", "Recon",
)  # fmt: skip

PRINTED: tuple[Printed, ...] = (
    Printed(OPS, "Theorem 1: w = 1, t < 2/(TL) converges to a Pareto-stationary point", "proved",
            ("gradops-descent", "gradops-fixed-points"),
            "as its inequality for one step, with the fallback on MGDA; without it E-OPS-1"),
    Printed(OPS, "Theorem 2: the same for every alpha", "proved",
            ("gradops-descent", "gradops-weights"),
            "its printed bound is lost; 2/(TL) is enough, whatever alpha is"),
    Printed(OPS, "g'_i conflict with no task, in any order, nor do their combinations", "proved",
            ("gradops-strong-non-conflict", "gradops-any-weights", "gradops-order")),
    Printed(OPS, "PCGrad is the case T = 2, alpha = 0", "proved", ("gradops-is-pcgrad",),
            "of PCGrad's sum (E-OPS-6)"),
    Printed(OPS, "alpha = -1 recovers IMTL-G", "proved",
            ("gradops-is-imtl", "gradops-equal-projections", "one-line"),
            "where every task is modified and K > 0, up to IMTL-G's sign"),
    Printed(OPS, "alpha = -2 approximates MGDA", "proved for T = 2", ("gradops-is-mgda",),
            "in conflict; for T >= 3 refuted (E-OPS-7), but at right angles (orthogonal-rows)"),
    Printed(CAG, "Theorem 3.2 (1): fixed points are Pareto stationary", "proved",
            ("cagrad-fixed-points",), "for every c >= 0; the main text prints c >= 1 (E-CAG-7)"),
    Printed(CAG,
            "Theorem 3.2 (2): the squares |g0|^2 sum to at most 2 (L0 - inf L0)/(a (1 - c^2))",
            "proved", ("cagrad-descent",), "each step, and the sum over a run"),
    Printed(CAG, "Equations (11) and (12): the dual, without a gap", "proved",
            ("cagrad-duality", "cagrad-no-gap", "cagrad-feasible"),
            "equation (10) and Algorithm 1 misprint it (E-CAG-3, E-CAG-4)"),
    Printed(CAG, "c = 0 is descent, c to infinity is MGDA", "proved",
            ("cagrad-c0", "cagrad-to-mgda-rate", "cagrad-to-mgda-angle"),
            "of the direction, within 2 arctan(1/c) + arcsin(1/c); the length grows (E-CAG-5)"),
    Printed(PCG, "Theorem 1: two convex losses, t <= 1/L", "proved",
            ("pcgrad-theorem-1", "pcgrad-two-tasks-non-conflict"),
            "as its inequality for one step"),
    Printed(PCG, "Theorem 2: a better step than the plain one", "proved", ("pcgrad-theorem-2",),
            "without cos <= -Phi; all its steps are longer than Theorem 1 allows (E-PCG-2)"),
    Printed(SK, "Theorem 1 (a): MGDA is stationary or a common descent", "proved",
            ("mgda-kkt", "mgda-non-conflict", "mgda-descent", "stationary-mgda")),
    Printed(SK, "Theorem 1 (b): so is MGDA-UB", "refuted", (), "E-MGDA-1"),
    Printed(NASH, "K a = 1/a: every task gains, |d|^2 = T, the scales of losses have no part",
            "proved", ("nash-non-conflict", "nash-length", "nash-row-scaling")),
    Printed(NASH, "Theorem 5.4: the fall of every loss at the step min 1/(L T a_i)", "proved",
            ("nash-descent",)),
    Printed(REC, "Theorem 4.1: one step of the converted network ends lower", "proved",
            ("recon-one-step",), "for w >= 0 and T >= 2, which are not printed (E-REC-1, E-REC-2)"),
    Printed("GEM, UPGrad", "the projection on the cone of no conflict", "proved",
            ("cone-projection", "cone-non-conflict")),
)  # fmt: skip

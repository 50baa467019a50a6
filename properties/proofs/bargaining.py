"""Nash-MTL and IMTL-G: what their equations give every task."""

import sympy

from properties.proofs.theorem import Identity, Lemma, Theorem, reals

a, ka, gd, s, n, total, count, term, weight = reals("a ka gd s n S T y w")
mu, smooth, fall = reals("mu L D")
n1, n2, c = sympy.symbols("n1 n2 c", positive=True)


def bisector(kept: frozenset[str]) -> sympy.Expr:
    """Zero where Nash-MTL's a = 1/(n_i sqrt(1 + c)) is parallel to IMTL-G's weights (n2, n1)."""
    first, second = 1 / n1, 1 / n2
    other = (n2, n1) if "imtl" in kept else (n1, n2)
    return first * other[1] - second * other[0]


def fixed_point(kept: frozenset[str]) -> sympy.Expr:
    """a_1 (K a)_1 - 1 for T = 2 with a_i = 1/(n_i sqrt(1 + c))."""
    root = sympy.sqrt(1 + c) if "nash" in kept else 1
    first, second = 1 / (n1 * root), 1 / (n2 * root)
    return first * (first * n1**2 + second * c * n1 * n2) - 1


PROVED = (
    Theorem(
        "fairgrad-non-conflict", ("non-conflict",), ("fairgrad",),
        "<g_i, d> = a_i^(-1/alpha) > 0 for every task.",
        {"fixed point": "(K a)_i = p, p = a_i^(-1/alpha)", "positive": "a power of a_i > 0 is > 0"},
        (Lemma("sign", {"fixed point": ka == s, "positive": s > 0}, ka > 0),),
        "Ban and Ji 2024 (FairGrad)",
        "(K a)_i = <g_i, d>.",
    ),
    Theorem(
        "imtl-two-tasks-non-conflict", ("non-conflict",), ("imtl_g", "imtl"),
        "T = 2, no zero row: IMTL-G, a positive multiple of u_1 + u_2, conflicts with no task.",
        {"bisector": "<u_i, d> = w (1 + cos)", "cosine": "cos >= -1", "weights": "w >= 0"},
        (
            Lemma(
                "sign",
                {"bisector": gd == weight * (1 + n), "cosine": n >= -1, "weights": weight >= 0},
                gd >= 0,
            ),
        ),
        "Liu et al. 2021 (IMTL), section 3.1",
        "Its weights are (n_2, n_1)/(n_1 + n_2): d = n_1 n_2/(n_1 + n_2) (u_1 + u_2).",
        tasks="T = 2",
    ),
    Theorem(
        "nash-non-conflict", ("non-conflict", "nash-fixed-point"), ("nash_mtl",),
        "<g_i, d> = 1/a_i > 0 for every task: every loss falls strictly.",
        {"fixed point": "a_i (K a)_i = 1", "positive": "a_i > 0"},
        (Lemma("sign", {"fixed point": a * ka == 1, "positive": a > 0}, ka > 0),),
        "Navon et al. 2022 (Nash-MTL), Claim 3.1",
        "(K a)_i = <g_i, d>.",
    ),
    Theorem(
        "nash-length", ("nash-fixed-point",), ("nash_mtl",),
        "|d|^2 = T.",
        {"fixed point": "a_i <g_i, d> = 1", "before": "the terms before sum to their number"},
        (
            Lemma(
                "one more task", {"fixed point": term == 1, "before": total == count},
                total + term == count + 1,
            ),
        ),
        "Navon et al. 2022 (Nash-MTL)",
        "|d|^2 = sum_i a_i <g_i, d>, by induction over the tasks.",
    ),
    Theorem(
        "nash-descent", ("nash-fixed-point", "nash-descent"), ("nash_mtl",),
        "At the step mu = min_i 1/(L T a_i) every L_j falls by at least mu/(2 a_j).",
        {
            "smooth": "L_j(x - mu d) <= L_j - mu <g_j, d> + (L/2) mu^2 |d|^2, and |d|^2 = T",
            "step": "mu L T a_j <= 1",
            "forwards": "mu >= 0",
            "fixed point": "a_j <g_j, d> = 1",
            "positive": "a_j > 0",
        },
        (
            Lemma(
                "fall",
                {
                    "smooth": fall >= mu * gd - smooth / 2 * mu * mu * count,
                    "step": mu * smooth * count * a <= 1,
                    "forwards": mu >= 0,
                    "fixed point": a * gd == 1,
                    "positive": a > 0,
                },
                2 * a * fall >= mu,
            ),
        ),
        "Navon et al. 2022 (Nash-MTL), Theorem 5.4",
        "mu <g_j, d> = mu/a_j, of which the second order takes at most half.",
    ),
    Theorem(
        "nash-row-scaling", ("row-scaling",), ("nash_mtl", "fairgrad"),
        "Multiplying a row by q > 0 divides its a by q: the direction stays.",
        {"fixed point": "a_i <g_i, d> = 1", "new": "a' q = a, g' = q g"},
        (
            Lemma(
                "the scaled a is a fixed point at the same d",
                {"fixed point": a * gd == 1, "new": weight * s == a},
                weight * (s * gd) == 1,
            ),
        ),
        "Navon et al. 2022 (Nash-MTL), section 3",
        "a'_i g'_i = a_i g_i keeps d, and a'_i <g'_i, d> = 1; the fixed point is unique.",
    ),
    Theorem(
        "nash-is-imtl", ("gradops-two-tasks",), ("nash_mtl", "imtl_g"),
        "T = 2, cos > -1: Nash-MTL is parallel to IMTL-G.",
        {
            "nash": "a_i = 1/(n_i sqrt(1 + cos))",
            "imtl": "IMTL-G's weights are (n_2, n_1)/(n_1 + n_2)",
        },
        (
            Identity("the closed form is the fixed point", ("nash",), fixed_point),
            Identity("parallel weights", ("imtl",), bisector),
        ),
        "by the closed forms",
        "Both bisect the angle.",
        tasks="T = 2",
    ),
    Theorem(
        "imtl-equal-projections", ("imtl-equal-projections",), ("imtl_g",),
        "<d, g_i>/n_i = s for every task, where K a = s n.",
        {"equation": "<g_i, d> = (K a)_i = s n_i", "not zero": "n_i is not zero"},
        (
            Lemma(
                "projection", {"equation": gd == s * n, "not zero": n != 0}, gd / n == s,
            ),
        ),
        "Liu et al. 2021 (IMTL), section 3.1",
        "Division by the length.",
    ),
)  # fmt: skip

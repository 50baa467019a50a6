"""MGDA: the shortest vector of the hull, its gap bound, and the descent it gives every task."""

import z3

from properties.proofs.theorem import Lemma, Theorem, gram, reals

dd, dg, gg, t, xx, xd, m, eta, smooth = reals("dd dg gg t xx xd m eta H")
spread = gg - 2 * dg + dd  # |g - d|^2

TOWARDS = Lemma(
    "towards g",
    {
        "shortest": dd + 2 * t * (dg - dd) + t * t * spread >= dd,
        "convex": z3.And(t > 0, t <= 1),
        "short step": z3.Implies(dg < dd, t * spread <= dd - dg),
    },
    dg >= dd,
    gram(dd, dg, gg),
)
AWAY = Lemma(
    "away from g",
    {
        "shortest": dd - 2 * t * (dg - dd) + t * t * spread >= dd,
        "in the support": t > 0,
        "short step": z3.Implies(dg > dd, t * spread <= dg - dd),
    },
    dg <= dd,
    gram(dd, dg, gg),
)

PROVED = (
    Theorem(
        "mgda-kkt", ("mgda-kkt", "non-conflict"), ("mgda", "pareto_mtl", "mgda_ub"),
        "The shortest vector d of the hull of the gradients has <g_i, d> >= |d|^2 for every task,"
        " with equality where the weight is positive. (Pareto-MTL's second phase: the hull of the"
        " gradients and the active constraints; MGDA-UB: of those by the representation.)",
        {
            "shortest": "no vector of the hull is shorter than d",
            "convex": "the segment from d to g_i lies in the hull",
            "in the support": "d lies strictly inside a segment through g_i: its weight is > 0",
            "short step": "the step t is at most (|d|^2 - <g_i, d>) / |g_i - d|^2, which exists"
            " since g_i = d would give equality",
        },
        (TOWARDS, AWAY),
        "Desideri 2012; Sener and Koltun 2018",
        "If <g_i, d> < |d|^2, a short step from d towards g_i stays in the hull and is shorter;"
        " where g_i has weight, the step away from it stays in the hull too.",
    ),
    Theorem(
        "mgda-non-conflict", ("non-conflict",), ("mgda", "pareto_mtl"),
        "MGDA conflicts with no task: <g_i, d> >= 0.",
        {"kkt": "<g_i, d> >= |d|^2"},
        (Lemma("sign", {"kkt": dg >= dd}, dg >= 0, gram(dd, dg, gg)),),
        "Sener and Koltun 2018, Theorem 1",
        "The conditions of optimality with |d|^2 >= 0.",
    ),
    Theorem(
        "mgda-gap", ("mgda-gap",), ("mgda",),
        "Every x of the hull has |x - d|^2 <= |x|^2 - min_i <g_i, x>.",
        {
            "x in the hull": "<x, d> >= |d|^2, the mean over x's weights of <g_i, d> >= |d|^2",
            "d in the hull": "<x, d> >= m = min_i <g_i, x>, the mean over d's weights",
        },
        (
            Lemma(
                "gap",
                {"x in the hull": xd >= dd, "d in the hull": xd >= m},
                xx - 2 * xd + dd <= xx - m,
                gram(xx, xd, dd),
            ),
        ),
        "the Frank-Wolfe gap",
        "|x - d|^2 = |x|^2 - 2 <x, d> + |d|^2, and both <x, d> are at least what stands for them.",
    ),
    Theorem(
        "mgda-descent", ("mgda-descent",), ("mgda",),
        "Every H-smooth loss falls by at least eta (1 - eta H/2) |d|^2 at the step eta.",
        {
            "smooth": "L_i(x - eta d) <= L_i - eta <g_i, d> + (H/2) eta^2 |d|^2",
            "kkt": "<g_i, d> >= |d|^2",
            "forwards": "eta >= 0",
        },
        (
            Lemma(
                "fall",
                {
                    "smooth": xx >= eta * dg - smooth / 2 * eta * eta * dd,
                    "kkt": dg >= dd,
                    "forwards": eta >= 0,
                },
                xx >= eta * (1 - eta * smooth / 2) * dd,
            ),
        ),
        "Desideri 2012",
        "xx stands for the fall of L_i.",
    ),
)  # fmt: skip

"""Pareto-stationary points: why the methods stop there, each for a reason of its own."""

import z3

from properties.proofs.theorem import Lemma, Theorem, reals

dd, xx, s, part, gx, n, w, least, xz, total = reals("dd xx s l gx n w m xz S")
a, inner, k = reals("a g k")

PROVED = (
    Theorem(
        "stationary-mgda", ("stationary",), ("mgda", "pareto_mtl"),
        "Where 0 lies in the hull the shortest vector is 0.",
        {"shortest": "|d| <= |x| for every x of the hull", "hull": "x = 0 is one"},
        (Lemma("no length", {"shortest": dd <= xx, "hull": xx == 0}, dd == 0, (dd >= 0,)),),
        "Desideri 2012", "0 is the shortest vector of all.",
    ),
    Theorem(
        "stationary-cones", ("stationary",), ("upgrad", "dual_proj"),
        "Where sum l_i g_i = 0 with l > 0, a direction of the span that conflicts with no task is"
        " 0.",
        {
            "weights": "l_i > 0",
            "gains": "<g_i, x> >= 0",
            "before": "the sum of the other terms l_j <g_j, x> is not negative",
            "hull": "all terms sum to <0, x> = 0",
            "span": "x is a combination of the rows: <x, x> = sum w_i <g_i, x>",
        },
        (
            Lemma("every gain is 0",
                  {"weights": part > 0, "gains": gx >= 0, "before": s >= 0,
                   "hull": s + part * gx == 0},
                  gx == 0),
            Lemma("and then x", {"span": xx == w * gx + xz}, z3.Implies(z3.And(gx == 0, xz == 0),
                                                                       xx == 0)),
        ),
        "from the definitions",
        "The cone {x : Gx >= 0} meets the span in 0 alone.",
    ),
    Theorem(
        "stationary-cagrad", ("stationary",), ("cagrad",),
        "Where 0 lies in the hull no direction has a positive least gain: CAGrad with c >= 1 gains"
        " nothing, F(w*) = 0.",
        {
            "hull": "sum w_i <g_i, d> = <0, d> = 0, w on the simplex",
            "least": "m is at most their mean",
            "optimal": "m = F(w*) >= 0, for c >= 1 (cagrad-non-conflict)",
        },
        (Lemma("no gain", {"hull": s == 0, "least": least <= s, "optimal": least >= 0},
               least == 0),),
        "Liu et al. 2021 (CAGrad), section 3", "The mean of the gains is 0.",
    ),
    Theorem(
        "stationary-imtl", ("stationary",), ("imtl_g", "imtl"),
        "Where sum l_i g_i = 0 with l > 0 and no row is 0, equal projections are 0: d = 0.",
        {
            "equation": "<g_i, d> = s n_i",
            "weights": "l_i n_i > 0",
            "before": "the other terms sum to s times a positive number",
            "hull": "all terms sum to 0",
        },
        (
            Lemma("s = 0", {"equation": gx == s * n, "weights": part * n > 0,
                            "before": z3.And(xz == s * total, total > 0),
                            "hull": part * gx + xz == 0}, s == 0),
        ),
        "Liu et al. 2021 (IMTL), section 3.1",
        "Then d is orthogonal to every row, and it is a combination of them.",
    ),
    Theorem(
        "stationary-pcgrad", ("stationary",), ("pcgrad", "gradvac"),
        "T = 2, g_2 = -q g_1 with q > 0: both projections are 0.",
        {"opposed": "g_2 = -q g_1: <g_1, g_2> = -q |g_1|^2, |g_2|^2 = q^2 |g_1|^2, q > 0",
         "step": "k |g_2|^2 = -<g_1, g_2>"},
        (
            Lemma("the coefficient of g_1 in g_1 + k g_2",
                  {"opposed": z3.And(inner == -part * a, dd == part * part * a, part > 0),
                   "step": k * dd == -inner}, 1 - k * part == 0, (a > 0,)),
        ),
        "Yu et al. 2020 (PCGrad), Theorem 1", "k = 1/q.", tasks="T = 2",
    ),
)  # fmt: skip

"""CAGrad: duality, the band around the mean, its fixed points and its descent."""

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, gram, reals

CAG = "Liu, Liu, Jin, Stone, Liu 2021 (CAGrad)"
# vectors: g0 (the mean), d, e = d - g0, g (the combination g_w), all by inner products
oo, od, dd, ee, eg, gg, og, least, dual = reals("oo od dd ee eg gg og least F")
c, root, length, norm, radius = reals("c r s n k")
step, smooth, fall = reals("a H D")
(xm,) = reals("xm")
w, term, before = reals("w y b")
point, other, share, wide = reals("p q t C")
bound, run, owed = reals("B R O")


def surd(kept: frozenset[str]) -> sympy.Expr:
    """Say what a l^2 - 2 p l + q - k^2 is at the value l that the radius allows."""
    a, p, q, k, r = sympy.symbols("a p q k r", positive=True)
    value = (p + r) / a if "value" in kept else p / a
    rest = sympy.expand(a * value**2 - 2 * p * value + q - k**2)
    return rest.subs(r**2, p**2 - a * (q - k**2)) if "root" in kept else rest


PROVED = (
    Theorem(
        "cagrad-duality", ("cagrad-optimal",), ("cagrad", "cagrad_fast"),
        "Weak duality: min_i <g_i, d> <= F(w) = <g_w, g0> + c |g0| |g_w| for every d of the ball"
        " and every w on the simplex.",
        {
            "ball": "|d - g0| <= k = c |g0|",
            "average": "min_i <g_i, d> <= <g_w, d>, a mean with weights on the simplex",
            "weights": "w_i >= 0",
            "least": "m is at most every <g_i, d>",
            "before": "the terms before sum to no less than zero",
        },
        (
            Lemma(
                "the average is no less than the least, one more term",
                {"weights": w >= 0, "least": term >= least, "before": before >= 0},
                before + w * (term - least) >= 0,
            ),
            Lemma(
                "the bound",
                {"ball": ee <= radius * radius, "average": least <= og + eg},
                least <= og + radius * norm,
                (*gram(ee, eg, gg), norm >= 0, norm * norm == gg, radius >= 0),
            ),
        ),
        CAG + ", eqs. (11)-(12)",
        "sum_i w_i (<g_i, d> - m) >= 0 by induction; then <g_w, d> = <g_w, g0> + <g_w, d - g0>, and"
        " Cauchy and Schwarz.",
    ),
    Theorem(
        "cagrad-no-gap", ("cagrad-optimal",), ("cagrad", "cagrad_fast"),
        "Strong duality: at weights w that minimise F, d = g0 + k g_w/|g_w| has <g_i, d> >= <g_w,"
        " d> = F(w) for every task, with equality where w_i > 0 (g_w not zero).",
        {
            "direction": "e = d - g0 = k g_w/|g_w|",
            "least": "F(x + t (g_i - x)) >= F(x) on the segment from x = g_w to g_i",
            "tangent": "|x + t y| <= |x| + t <x, y>/|x| + t^2 |y|^2/(2 |x|)",
            "short step": "t > 0 is so short that the second order is half of the first at most",
        },
        (
            Lemma(
                "its value is F", {"direction": eg * norm == radius * gg},
                og + eg == og + radius * norm, (norm > 0, norm * norm == gg),
            ),
            Lemma(
                "no task gains less",
                {
                    "least": share * og + radius * (length - norm) >= 0,
                    "tangent": length - norm <= share * xm + share * share * wide,
                    "short step": z3.And(share > 0, z3.Implies(
                        og + radius * xm < 0, share * radius * wide < -(og + radius * xm))),
                },
                og + radius * xm >= 0,
                (radius >= 0, wide >= 0),
            ),
        ),
        CAG + ", eqs. (11)-(12)",
        "In the second lemma og = <y, g0>, xm = <y, x>/|x|, y = g_i - x: a slope <y, d> below 0"
        " would let F fall. Away from g_i where w_i > 0, as for MGDA.",
    ),
    Theorem(
        "cagrad-feasible", ("cagrad-feasible",), ("cagrad", "cagrad_fast"),
        "|d - g0| = c |g0| where g_w is not zero: the answer lies on the sphere.",
        {"direction": "|g_w| (d - g0) = k g_w", "mean": "k = c |g0|"},
        (
            Lemma("the radius", {"direction": gg * ee == radius * radius * gg,
                                 "mean": radius == c * root},
                  ee == c * c * oo, (gg > 0, root * root == oo)),
        ),
        CAG + ", eq. (3)",
        "Squares of both sides; where g_w = 0 the reference takes a point of the ball.",
    ),
    Theorem(
        "cagrad-fixed-points", ("cagrad-fixed-points",), ("cagrad",),
        "d = 0 implies Pareto stationary, for every c >= 0 (the main text prints c >= 1).",
        {"c": "c >= 0, so k/|g_w| >= 0", "simplex": "w_i >= 0", "mean": "the mean's weights are >"
                                                                        " 0"},
        (
            Lemma("the weight of one task in d",
                  {"c": share >= 0, "simplex": w >= 0, "mean": term > 0}, term + share * w > 0),
        ),
        CAG + ", Theorem 3.2 (1) and appendix A.4 (2)",
        "d = sum_i (1/T + (k/|g_w|) w_i) g_i: d = 0 is a combination of the gradients with positive"
        " weights, and divided by their sum a point of the hull.",
        remarks=(("CAGrad's fixed points are Pareto stationary for every c >= 0, and then with all"
                  " weights positive: it never stops on the edge of the hull."),),
    ),
    Theorem(
        "cagrad-surd", ("cagrad-surd",), ("cagrad",),
        "On a support S the value is (p + sqrt(p^2 - a (q - k^2)))/a: one square root.",
        {"root": "r^2 = p^2 - a (q - k^2)", "value": "l = (p + r)/a"},
        (Identity("v'Kv = k^2 for v = K^-1 (l 1 - m)", ("root", "value"), surd),),
        CAG + ", by the KKT conditions",
        "With a = 1'K^-1 1, p = 1'K^-1 m, q = m'K^-1 m on S: v'Kv = a l^2 - 2 p l + q.",
    ),
    Theorem(
        "cagrad-c0", ("cagrad-c0",), ("cagrad", "cagrad_fast"),
        "c = 0: the only point of the ball is the mean.",
        {"c": "c = 0", "ball": "|d - g0| <= c |g0|"},
        (Lemma("no room", {"c": c == 0, "ball": ee <= c * c * oo}, ee == 0, (ee >= 0, oo >= 0)),),
        CAG + ", section 3",
        "|d - g0|^2 <= 0.",
    ),
    Theorem(
        "cagrad-band", ("cagrad-band",), ("cagrad",),
        "(1-c) |g0| <= |d| <= (1+c) |g0|, and <g0, d> >= (|g0|^2 (1-c^2) + |d|^2)/2.",
        {"ball": "|d - g0| <= c |g0|", "c": "c >= 0"},
        (
            Lemma(
                "inner product", {"ball": dd - 2 * od + oo <= c * c * oo},
                od >= (oo * (1 - c * c) + dd) / 2,
            ),
            Lemma(
                "from above", {"ball": dd - 2 * od + oo <= c * c * oo, "c": c >= 0},
                length <= (1 + c) * root,
                (*gram(oo, od, dd), root >= 0, length >= 0, root * root == oo,
                 length * length == dd, od <= root * length),
            ),
            Lemma(
                "from below", {"ball": dd - 2 * od + oo <= c * c * oo, "c": c >= 0},
                length >= (1 - c) * root,
                (*gram(oo, od, dd), root >= 0, length >= 0, root * root == oo,
                 length * length == dd, od <= root * length),
            ),
        ),
        CAG + ", by Cauchy and Schwarz",
        "Expand |d - g0|^2; lengths enter with <g0, d> <= |g0| |d|.",
    ),
    Theorem(
        "cagrad-least-gain", ("cagrad-band",), ("cagrad",),
        "The least gain min_i <g_i, d> is at least that of g0, and does not fall as c grows.",
        {
            "ball": "|x - g0| <= c |g0|, for the best x of the smaller ball",
            "wider": "0 <= c <= c'",
            "best": "no point of the larger ball has a higher least gain than its best one",
        },
        (
            Lemma("the smaller ball lies in the larger",
                  {"ball": ee <= c * c * oo, "wider": z3.And(c >= 0, c <= wide)},
                  ee <= wide * wide * oo, (oo >= 0, ee >= 0)),
            Lemma("its best point is one of those that the larger's best beats",
                  {"ball": ee <= c * c * oo, "wider": z3.And(c >= 0, c <= wide),
                   "best": z3.Implies(ee <= wide * wide * oo, point <= other)},
                  point <= other, (oo >= 0, ee >= 0)),
        ),
        CAG + ", eq. (3)",
        "c = 0 gives g0 itself.",
    ),
    Theorem(
        "cagrad-non-conflict", ("non-conflict",), ("cagrad", "cagrad_fast"),
        "c >= 1: every <g_i, d> is at least min_i <g_i, d> = F(w*) >= 0.",
        {
            "c": "c >= 1",
            "optimal": "<g_i, d> >= F(w*), there is no duality gap",
            "value": "F(w) = <g_w, g0> + c |g0| |g_w|",
        },
        (
            Lemma(
                "sign",
                {
                    "c": c >= 1,
                    "optimal": least >= dual,
                    "value": dual == og + c * root * norm,
                },
                least >= 0,
                (*gram(oo, og, gg), root >= 0, norm >= 0, root * root == oo, norm * norm == gg,
                 og >= -root * norm),
            ),
        ),
        CAG + ", section 3",
        "F(w) >= (c - 1) |g0| |g_w| by Cauchy and Schwarz.",
    ),
    Theorem(
        "cagrad-descent", ("cagrad-descent",), ("cagrad",),
        "L0 with an H-Lipschitz gradient falls by at least (a/2)(1-c^2) |g0|^2 at a step a <= 1/H.",
        {
            "smooth": "L0(x - a d) <= L0 - a <g0, d> + (H/2) a^2 |d|^2",
            "ball": "|d - g0| <= c |g0|",
            "step": "0 <= a and a H <= 1",
            "before": "the bound holds for the steps before",
            "fall": "this step falls by what the first lemma says",
        },
        (
            Lemma(
                "fall",
                {
                    "smooth": fall >= step * od - smooth / 2 * step * step * dd,
                    "ball": dd - 2 * od + oo <= c * c * oo,
                    "step": z3.And(step >= 0, step * smooth <= 1),
                },
                fall >= step / 2 * (1 - c * c) * oo,
                gram(oo, od, dd),
            ),
            Lemma(
                "the bound of a run, one more step",
                {
                    "before": bound * run <= owed,
                    "fall": fall >= bound * oo,
                },
                bound * (run + oo) <= owed + fall,
            ),
        ),
        CAG + ", Theorem 3.2",
        "a <g0, d> - (a/2) |d|^2 >= (a/2)(1 - c^2) |g0|^2, from the ball. Summed: (a/2)(1 - c^2)"
        " sum_t |g0(t)|^2 is at most L0 at the start less L0 at the end, so at most L0 - inf L0:"
        " |g0| tends to 0, at a rate of 1/sqrt(t) for the least so far.",
    ),
)  # fmt: skip

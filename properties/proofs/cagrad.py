"""CAGrad: duality, the band around the mean, its limits and its descent."""

import z3

from properties.proofs.theorem import Lemma, Theorem, gram, reals

CAG = "Liu, Liu, Jin, Stone, Liu 2021 (CAGrad)"
# vectors: g0 (the mean), d, e = d - g0, g (the combination g_w), all by inner products
oo, od, dd, ee, eg, gg, og, least, dual = reals("oo od dd ee eg gg og least F")
c, root, length, norm, radius = reals("c r s n k")
step, smooth, fall = reals("a H D")
xm, x_len, m_len, centre = reals("xm X M O")
w, term, before = reals("w y b")

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
        ),
        CAG + ", Theorem 3.2",
        "a <g0, d> - (a/2) |d|^2 >= (a/2)(1 - c^2) |g0|^2, from the ball.",
    ),
    Theorem(
        "cagrad-to-mgda-rate", ("cagrad-to-mgda",), ("cagrad", "mgda"),
        "The dual point x = g_w* of CAGrad is within (|x| + |m|)/c of MGDA's point m: as c grows"
        " the direction (d - g0)/|d - g0| = x/|x| tends to m/|m|, at the rate 1/c.",
        {
            "optimal": "F(x) <= F(m): <x, g0> + c |g0| |x| <= <m, g0> + c |g0| |m|",
            "projection": "|x - m|^2 <= |x|^2 - |m|^2, as m is the shortest of the hull",
            "mean": "g0 is not zero",
        },
        (
            Lemma(
                "rate",
                {
                    "optimal": c * centre * (x_len - m_len) <= xm * centre,
                    "projection": xm * xm <= x_len * x_len - m_len * m_len,
                    "mean": centre > 0,
                },
                c * xm <= x_len + m_len,
                (x_len >= 0, m_len >= 0, xm >= 0, centre >= 0),
            ),
        ),
        "by optimality of both; the rate is not in the paper",
        "F(x) <= F(m) gives c (|x| - |m|) <= |x - m| by Cauchy and Schwarz; with the projection"
        " |x - m|^2 <= (|x| - |m|)(|x| + |m|) <= |x - m| (|x| + |m|)/c.",
        remarks=("A rate of 1/c for the dual point, at every c > 0 and every jacobian.",),
    ),
)  # fmt: skip

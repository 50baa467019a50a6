"""GradOPS: its weights, fixed points and continuity, and the descent of Theorems 1 and 2."""

import z3

from properties.proofs.theorem import Lemma, Theorem, gram, reals

OPS = "GradOPS (arXiv 2503.03438)"
gg, gp, pp, dd, dj, jj, s, w, x = reals("gg gp pp dd dj jj s w x")
total, weights, share, xx, xy, yy = reals("S W v xx xy yy")
t, smooth, tasks, length, inner, fall = reals("t L T N I D")


PROVED = (
    Theorem(
        "gradops-row-scaling", ("row-scaling",), ("gradops",),
        "Every task modified, K > 0, alpha = -1: multiplying rows by q_i > 0 keeps the direction's"
        " line, as it keeps IMTL-G's.",
        {"equation": "<d, g_i> = s n_i", "scale": "q_i > 0, so the new length is q_i n_i"},
        (Lemma("the equation of a scaled row",
               {"equation": x == s * w, "scale": z3.And(t > 0, length > 0,
                                                        length * length == t * t * w * w)},
               t * x == s * length, (w > 0,)),),
        "by the dual basis",
        "The same d solves the scaled equations, which have one line of solutions (one-line).",
    ),
    Theorem(
        "gradops-weights", ("gradops-weights", "dw-weights"), ("gradops", "dw", "pcgrad_dw"),
        "The weights w_i = T p_i / sum p with p_i = r_i^alpha > 0 are not negative, sum to T, and"
        " are in the order of the p_i.",
        {
            "share": "w_i sum p = T p_i",
            "positive": "p_i >= 0 and sum p > 0",
            "before": "(sum of the w before) sum p = T (sum of the p before)",
            "order": "p_i >= p_j",
        },
        (
            Lemma("one more weight of the sum",
                  {"share": w * total == tasks * share, "before": s * total == tasks * x},
                  (s + w) * total == tasks * (x + share)),
            Lemma("all of them", {"before": s * total == tasks * total, "positive": total > 0},
                  s == tasks),
            Lemma("not negative", {"share": w * total == tasks * share,
                                   "positive": z3.And(share >= 0, total > 0)},
                  w >= 0, (tasks > 0,)),
            Lemma("in order", {"share": z3.And(w * total == tasks * share, s * total == tasks * x),
                               "positive": total > 0, "order": share >= x},
                  w >= s, (tasks > 0,)),
        ),
        OPS + ", eqs. (3)-(5)",
        "A power r^alpha rises with r for alpha > 0, falls for alpha < 0 and is 1 for alpha = 0,"
        " and R_i >= 0 is gradops-any-weights. Zero rows are left out and have w = 1.",
    ),
    Theorem(
        "gradops-order", ("gradops-order",), ("gradops",),
        "g'_i does not depend on the order of Gram and Schmidt: two residues of g_i across the"
        " others' span that differ by a vector of it are equal.",
        {
            "first": "the first residue is orthogonal to the difference, which lies in the span",
            "second": "so is the second",
        },
        (Lemma("the difference has no length", {"first": gp == 0, "second": dj == 0},
               gg == 0, (gg == gp - dj,)),),
        OPS + ", section 2",
        "|r - r'|^2 = <r, r - r'> - <r', r - r'>; and sums do not mind the order"
        " (permutation-sums).",
    ),
    Theorem(
        "gradops-fixed-points", ("gradops-fixed-points", "stationary"),
        ("gradops", "gradops_static"),
        "With MGDA's direction as fallback G' = 0 implies Pareto stationary; and where a"
        " combination of non-zero gradients with positive weights is 0 every g'_i is 0.",
        {
            "pairs": "<g_i, g'_i> >= |g'_i|^2",
            "others": "<g_j, g'_i> >= 0",
            "sum": "<g, G'> = 0",
            "before": "the terms before sum to no less than zero",
            "combination": "l_i |g_i|^2 = -sum of l_j <g_i, g_j> over the others",
            "weights": "l > 0",
            "row": "g_i is not zero",
        },
        (
            Lemma("G' = 0: each g'_i is 0",
                  {"pairs": gp >= pp, "others": x >= 0, "before": s >= 0, "sum": s + gp + x == 0},
                  pp == 0, (pp >= 0,)),
            Lemma("stationary: g_i conflicts with some g_j",
                  {"combination": w * gg == -s, "weights": z3.And(w > 0, share > 0), "row": gg > 0},
                  s < 0),
        ),
        OPS + ", Theorem 1 with the fallback",
        "If no task conflicted and is 0 the point is stationary by it; a conflicting g_i with"
        " g'_i = 0 has the fallback d = 0. Conversely each g_i conflicts and lies in the others'"
        " span, so its g'_i is MGDA's direction, which is 0 there.",
    ),
    Theorem(
        "gradops-continuity", ("gradops-continuity",), ("gradops",),
        "T = 2, alpha = 0, no zero row: |A - A'|^2 <= 4 (1 + 16 r^2) |G - G'|^2, r the largest"
        " ratio of two lengths.",
        {
            "triangle": "|a u - a' u'| <= a |u - u'| + |a - a'| for units u, u' and a >= 0",
            "size": "0 <= a <= |x| and |a - a'| <= |x| |u - u'|, a = max(0, -<x, u>)",
            "unit": "|u - u'| <= 2 |g - g'|/|g|",
            "ratio": "|x| <= r |g|",
            "moves": "each gradient's move m_i, and 4 r times the other's",
        },
        (
            Lemma("what a projection adds", {"triangle": x <= s * w + gp,
                                             "size": z3.And(s >= 0, s <= t, gp <= t * w)},
                  x <= 2 * t * w, (w >= 0, t >= 0)),
            Lemma("by the move of g", {"unit": w * gg <= 2 * dd, "ratio": t <= length * gg},
                  2 * t * w <= 4 * length * dd,
                  (gg > 0, w >= 0, t >= 0, dd >= 0, length >= 0)),
            Lemma("both", {"moves": fall <= (dd + 4 * length * jj) + (jj + 4 * length * dd)},
                  fall * fall <= 4 * (1 + 16 * length * length) * (dd * dd + jj * jj),
                  (fall >= 0, dd >= 0, jj >= 0, length >= 0)),
        ),
        "by the law's Lipschitz bound; the projection on a half-space moves no more than its point",
        "g'_i = g_i + max(0, -<g_i, u_j>) u_j, u_j = g_j/n_j.",
        tasks="T = 2",
    ),
    Theorem(
        "gradops-descent", ("gradops-descent",), ("gradops",),
        "The sum of losses with an L-Lipschitz gradient falls by at least"
        " (t - L T t^2/2) sum w_i |g'_i|^2 at a step 0 < t < 2/(TL), for any alpha.",
        {
            "smooth": "L(x - t d) <= L - t <g, d> + (L/2) t^2 |d|^2",
            "strong": "<g, d> >= sum w_i |g'_i|^2, by strong non-conflict, w >= 0 and"
            " <g_i, g'_i> >= |g'_i|^2",
            "jensen": "|sum w_i g'_i|^2 <= (sum w_i) sum w_i |g'_i|^2, and sum w_i = T",
            "step": "0 < t and t T L < 2",
            "curvature": "L >= 0",
            "weights": "w >= 0",
            "before": "the bound holds for the tasks before",
            "pairs": "<g_j, g'_i> >= 0 for the others j, and <g_i, g'_i> >= |g'_i|^2",
        },
        (
            Lemma(
                "one more task in <g, d> >= sum w_i |g'_i|^2",
                {"pairs": z3.And(x >= 0, gp >= pp), "weights": w >= 0},
                s + w * (gp + x) >= s + w * pp,
            ),
            Lemma(
                "one more task in Jensen's bound",
                {
                    "before": xx <= weights * total,
                    "weights": z3.And(share >= 0, weights >= 0),
                },
                (weights + share) * (total + share * yy)
                >= xx + 2 * share * xy + share * share * yy,
                (*gram(xx, xy, yy), total >= 0),
            ),
            Lemma(
                "the chain of inequalities",
                {
                    "smooth": fall >= t * inner - smooth / 2 * t * t * length,
                    "strong": inner >= total,
                    "jensen": length <= tasks * total,
                    "step": t > 0,
                    "curvature": smooth >= 0,
                },
                fall >= (t - smooth * tasks * t * t / 2) * total,
            ),
            Lemma(
                "the bound is a fall",
                {"step": z3.And(t > 0, t * tasks * smooth < 2), "weights": total >= 0},
                (t - smooth * tasks * t * t / 2) * total >= 0,
            ),
        ),
        OPS + ", Theorems 1 and 2; the constant 2/(TL) for every alpha",
        "Jensen's bound by induction over the tasks, then the paper's chain (6)-(8).",
        remarks=("Theorem 2's step bound may be that of Theorem 1, whatever alpha is.",),
    ),
)  # fmt: skip

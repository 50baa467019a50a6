"""Which direction is never longer than which: any T, any d, unless it says otherwise."""

import z3

from properties.proofs.theorem import Lemma, Theorem, gram, reals

xx, xg, xy, yy, gx, w, m, s, total, count = reals("xx xg xy yy gx w m s W n")
mm, my, gain, mu, dd, squares, form = reals("mm my gain mu dd Q f")
uu, yu, su, c, root, length, wide, ee = reals("uu yu su c r l C ee")
oo, og = reals("oo og")
a, b, e, v, first, second = reals("a b e v w1 w2")  # two projected gradients, and their weights
p, q, cosine = reals("p q cos")

ALONG = first * first * a + 2 * first * second * b + second * second * e  # |w1 g'_1 + w2 g'_2|^2
MORE = (
    (first + v) * (first + v) * a
    + 2 * (first + v) * (second - v) * b
    + ((second - v) * (second - v) * e)
)

PROVED = (
    Theorem(
        "dual-proj-shortest", ("cone-projection",), (),
        "DualProj is the shortest vector of mean + cone of the gradients: no longer than the mean,"
        " the sum, UPGrad, PCGrad, or CAGrad(c) at any c.",
        {
            "complementary": "<x, x> = <x, g0>: x - g0 = G'l with l_i <g_i, x> = 0",
            "feasible": "<g_i, x> >= 0",
            "weights": "y = g0 + sum of m_i g_i with m_i >= 0",
            "before": "<x, y> is at least |x|^2 for the terms before",
        },
        (
            Lemma("one more term of <x, y>",
                  {"feasible": gx >= 0, "weights": m >= 0, "before": xy >= xx}, xy + m * gx >= xx),
            Lemma("no term yet", {"complementary": xx == xg}, xg >= xx),
            Lemma("no longer", {"before": xy >= xx}, xx <= yy, gram(xx, xy, yy)),
        ),
        "by the conditions of cone-projection",
        "|x|^2 <= <x, y> <= |x| |y|. UPGrad is g0 plus the mean of the G'l_i, CAGrad g0 + t g_w,"
        " PCGrad's coefficients are at least 1.",
        remarks=(("DualProj (GEM with every task in memory) is never longer than the mean, UPGrad,"
                  " PCGrad, or CAGrad at any c."),),
    ),
    Theorem(
        "mgda-shortest", ("mgda-kkt",), (),
        "MGDA is no longer than any combination whose weights are not negative and sum to 1 or"
        " more: the mean, the sum, DualProj, UPGrad, CAGrad(c), PCGrad.",
        {
            "kkt": "<g_i, m> >= |m|^2",
            "weights": "w_i >= 0",
            "before": "<y, m> is at least |m|^2 times the weights before",
            "sum": "the weights sum to 1 or more",
        },
        (
            Lemma("one more term", {"kkt": gain >= mm, "weights": w >= 0,
                                    "before": my >= total * mm},
                  my + w * gain >= (total + w) * mm),
            Lemma("no longer", {"before": my >= total * mm, "sum": total >= 1}, mm <= yy,
                  gram(mm, my, yy)),
        ),
        "by the conditions of mgda-kkt",
        "|m|^2 <= <y, m> <= |y| |m|.",
    ),
    Theorem(
        "aligned-shortest", ("aligned-spectrum",), ("aligned_mtl",),
        "K > 0: T |d|^2 = mu, its least eigenvalue, for Aligned-MTL; so it is no longer than any"
        " combination whose weights sum to 1 or more: MGDA, the mean, IMTL-G, DualProj, CAGrad...",
        {
            "before": "(sum w)^2 <= n sum w^2 for the n tasks before",
            "number": "n >= 0",
            "eigenvalue": "w'Kw >= mu w'w, and mu > 0",
            "sum": "the weights sum to 1 or more",
            "aligned": "T |d|^2 = mu",
            "spectral": "on each eigenvector r w = m p, with r^2 = l its eigenvalue, m^2 = mu",
        },
        (
            Lemma("a term l w^2 of |d|^2 is mu p^2", {"spectral": first * w == second * p},
                  (first * first) * (w * w) == (second * second) * (p * p)),
            Lemma("one more task in Cauchy's bound",
                  {"before": s * s <= count * squares, "number": count >= 0},
                  (s + w) * (s + w) <= (count + 1) * (squares + w * w), (squares >= 0,)),
            Lemma("no longer",
                  {"before": s * s <= count * squares, "eigenvalue": z3.And(form >= mu * squares,
                                                                            mu > 0),
                   "sum": s >= 1, "aligned": count * dd == mu, "number": count > 0},
                  dd <= form, (squares >= 0,)),
            Lemma("no longer than the mean, whatever the rank",
                  {"eigenvalue": z3.And(form >= mu * squares, mu > 0)}, mu * squares <= form),
        ),
        "by the spectrum of K",
        "|d|^2 = w'Kw = mu p'p = mu/T in the eigenvectors' basis, p = 1/T; and w'Kw >= mu w'w >="
        " mu/T.",
        remarks=(("Aligned-MTL is the shortest of all: no combination of independent gradients"
                  " whose weights sum to 1 or more is shorter, MGDA's included."),),
    ),
    Theorem(
        "config-shorter", ("config-projections",), ("config",),
        "Independent rows: ConFIG is the projection of the sum on the line of equal projections; it"
        " is no longer than the sum, nor than PCGrad, whose weights are 1 or more.",
        {
            "gains": "<g_i, u> > 0",
            "weights": "w_i >= 1",
            "before": "<y, u> is at least <sum, u> for the tasks before",
            "unit": "|u| = 1",
        },
        (
            Lemma("one more task", {"gains": gx > 0, "weights": w >= 1, "before": yu >= su},
                  yu + w * gx >= su + gx),
            Lemma("no longer", {"before": yu >= su, "unit": uu == 1}, su * su <= yy,
                  (*gram(yy, yu, uu), su >= 0)),
        ),
        "Liu et al. 2024 (ConFIG)",
        "|d| = <sum, u> <= <y, u> <= |y|.",
    ),
    Theorem(
        "cagrad-lengths", ("cagrad-band",), ("cagrad",),
        "|d| >= (c - 1) |g0| on the sphere. So CAGrad(c) is no longer than CAGrad(c') where"
        " c + 2 <= c', nor than the sum where c + 1 <= T, nor shorter than it where c - 1 >= T; and"
        " no shorter than the mean where c >= 2, or where no gradients conflict.",
        {
            "sphere": "|d - g0| = c |g0|, which holds where g_w is not zero",
            "longest": "|d| <= (1 + c) |g0|",
            "apart": "1 + c <= c' - 1",
            "other": "|d'| >= (c' - 1) |g0|",
            "aligned": "<g0, g_w> >= 0, as no two gradients conflict",
        },
        (
            Lemma("from below", {"sphere": dd - 2 * og + oo == c * c * oo},
                  length >= (c - 1) * root,
                  (*gram(oo, og, dd), root >= 0, length >= 0, root * root == oo,
                   length * length == dd, og >= -root * length)),
            Lemma("two radii", {"longest": length <= (1 + c) * root, "apart": 1 + c <= wide - 1,
                                "other": ee >= (wide - 1) * root}, length <= ee, (root >= 0,)),
            Lemma("without a conflict: no shorter than the mean", {"aligned": my >= 0},
                  dd >= oo, (w >= 0, yy >= 0, dd == oo + 2 * w * my + w * w * yy)),
        ),
        "by Cauchy and Schwarz",
        "|d| >= |d - g0| - |g0|; the sum is T |g0| long, the mean |g0|.",
    ),
    Theorem(
        "gradops-length-rises", ("gradops-two-tasks",), (),
        "T = 2, alpha >= -2: the length of GradOPS(alpha) does not fall as alpha grows.",
        {
            "start": "at alpha = -2 more weight on the longer gradient does not shorten the sum:"
            " w1 (a - b) >= w2 (e - b), with a, b, e the projected gradients' inner products",
            "more": "v >= 0 of the weight goes from the shorter to the longer",
            "longer": "p >= q are the lengths of the two gradients",
        },
        (
            Lemma("the square of the length", {"start": first * (a - b) >= second * (e - b),
                                               "more": v >= 0},
                  MORE >= ALONG, gram(a, b, e)),
            Lemma("the start, in conflict: a = p^2 s, e = q^2 s, b = -p q cos s, weights q^2 : p^2",
                  {"longer": p >= q},
                  q * q * (p * p + p * q * cosine) >= p * p * (q * q + p * q * cosine),
                  (q > 0, p > 0, cosine <= 0)),
            Lemma("the start, without conflict: weights (q + p cos)^2 : (p + q cos)^2",
                  {"longer": p >= q},
                  (q + p * cosine) * (q + p * cosine) * (p * p - p * q * cosine)
                  >= (p + q * cosine) * (p + q * cosine) * (q * q - p * q * cosine),
                  (q > 0, p > 0, cosine >= 0, cosine <= 1)),
        ),
        "by the closed forms; not in the paper",
        "The ratio of the weights is (R_1/R_2)^alpha, R_1 >= R_2, so it only"
        " rises with alpha. For three tasks this is open.",
        tasks="T = 2",
    ),
    Theorem(
        "gradops-least-gain-falls", ("gradops-two-tasks",), (),
        "T = 2 in conflict, alpha >= -2: the least of GradOPS's gains <g_i, d> does not rise as"
        " alpha grows.",
        {
            "equal": "at alpha = -2 both gains w_i |g'_i|^2 are equal (as MGDA's)",
            "more": "v >= 0 of the weight goes from the one to the other",
        },
        (
            Lemma("the task that loses weight has the least gain, and less of it",
                  {"equal": first * a == second * e, "more": v >= 0},
                  z3.And((second - v) * e <= (first + v) * a, (second - v) * e <= second * e),
                  (a > 0, e > 0)),
        ),
        "by the closed forms; not in the paper",
        "<d, g_i> = w_i |g'_i|^2 where both are modified.",
        tasks="T = 2",
    ),
)  # fmt: skip

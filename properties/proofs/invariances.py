"""What the weights do not see: rotations, columns of zeros, anything but the Gramian."""

import z3

from properties.proofs.theorem import Lemma, Theorem, reals

COMBINATIONS = (
    "a_gem", "aligned_mtl", "arml", "cagrad", "cagrad_fast", "config", "dual_proj", "dw", "epo",
    "fairgrad", "gem", "gradops", "gradops_static", "gradvac", "imtl", "imtl_g", "krum", "mean",
    "mgda", "mgda_ub", "nash_mtl", "ogd", "pareto_mtl", "pcgrad", "pcgrad_dw", "pe_ltr", "sum",
    "upgrad",
)  # fmt: skip

xx, xy, yy, xq, xyq, yq, both, plus = reals("xx xy yy XX XY YY B BQ")
s, t, w, k, other, across, entry = reals("s t w k K gx e")
q, n, length, x, unit = reals("q n l x u")

PROVED = (
    Theorem(
        "rotations-keep-the-gramian", ("orthogonal",), COMBINATIONS,
        "A change of basis that keeps lengths keeps inner products, so the weights; and the"
        " combination of the rotated rows is the rotated combination.",
        {"lengths": "|z Q| = |z| for z = x, y and x + y"},
        (
            Lemma("inner products by lengths",
                  {"lengths": z3.And(xq == xx, yq == yy, plus == both)}, xyq == xy,
                  (both == xx + 2 * xy + yy, plus == xq + 2 * xyq + yq)),
        ),
        "from the definitions",
        "|x + y|^2 = |x|^2 + 2 <x, y> + |y|^2, before and after. Multiplication by Q is linear.",
    ),
    Theorem(
        "zeros-keep-the-gramian", ("zero-padding",), (*COMBINATIONS, "graddrop", "trimmed_mean"),
        "A column of zeros adds nothing to any inner product, nor to any sum or order of entries of"
        " another column.",
        {"zero": "the new entries are 0", "before": "the sum over the old columns is the same"},
        (Lemma("one more column", {"zero": z3.And(entry == 0, x == 0), "before": s == t},
               s + entry * x == t),),
        "from the definitions",
        "By induction over the columns; GradDrop and the trimmed mean look at one column at a time,"
        " and give 0 for one of zeros.",
    ),
    Theorem(
        "weights-by-the-gramian", ("gramian",), COMBINATIONS,
        "Two jacobians with one Gramian have the same inner products of all combinations: every"
        " test, projection, equation and program of these methods is the same.",
        {"entries": "K_ij = K'_ij", "before": "the sums of the terms before are equal"},
        (Lemma("one more term of <v, g_j> = sum of c_i K_ij", {"entries": k == other,
                                                               "before": s == t},
               s + w * k == t + w * other),),
        "from the definitions",
        "By induction over the rows of a combination, first of v, then of both vectors.",
    ),
    Theorem(
        "combinations-lie-in-the-span", ("span",), COMBINATIONS,
        "A vector orthogonal to every row is orthogonal to every combination of rows.",
        {"row": "<g_i, z> = 0", "before": "<the terms before, z> = 0"},
        (Lemma("one more row", {"row": across == 0, "before": s == 0}, s + w * across == 0),),
        "from the definitions",
        "So the direction has no part outside the span.",
    ),
    Theorem(
        "unit-rows", ("row-scaling",), ("config", "imtl_g", "imtl"),
        "Unit gradients do not mind the scales of their rows: |q g| = q |g| for q > 0, so u_i = (q"
        " g_i)/(q n_i) stays, and with it ConFIG's u and the equations <d, u_i> = s of IMTL-G.",
        {"scale": "q > 0", "length": "l > 0 and l^2 = q^2 n^2 is the new length"},
        (Lemma("the entry of a unit row",
               {"scale": q > 0, "length": z3.And(length > 0, length * length == q * q * n * n)},
               (q * x) * n == x * length, (n > 0,)),),
        "Liu et al. 2021 (IMTL), section 3.1; Liu et al. 2024 (ConFIG)",
        "The solutions of unchanged equations lie on an unchanged line (one-line).",
    ),
    Theorem(
        "one-task", ("single-task",),
        ("mean", "sum", "mgda", "mgda_ub", "pe_ltr", "epo", "pcgrad", "pcgrad_dw", "gradops",
         "gradops_static", "dw", "gradvac", "imtl_g", "trimmed_mean", "upgrad", "dual_proj",
         "aligned_mtl", "config", "cagrad", "cagrad_fast", "nash_mtl"),
        "One task: weights that sum to 1 or T give g; ConFIG and Aligned-MTL give g; CAGrad (1 + c)"
        " g; Nash-MTL g/|g|.",
        {
            "sum": "the only weight is the sum, 1",
            "unit": "u = g/n",
            "fixed point": "a (a n^2) = 1 and a > 0",
            "length": "n > 0",
            "direction": "d = g0 + c |g0| g_w/|g_w| with g_w = g0 = g",
        },
        (
            Lemma("a weight", {"sum": w == 1}, w * x == x),
            Lemma("ConFIG: <g, u> u", {"unit": unit * n == x, "length": n > 0},
                  n * unit == x),
            Lemma("Nash-MTL: a = 1/n", {"fixed point": z3.And(w * (w * n * n) == 1, w > 0),
                                        "length": n > 0}, w * n == 1),
            Lemma("CAGrad", {"direction": s * n == x * n + q * n * x, "length": n > 0},
                  s == (1 + q) * x),
        ),
        "from the definitions",
        "Nobody conflicts; the projection of g on {x : <g, x> >= 0} is g.",
    ),
)  # fmt: skip

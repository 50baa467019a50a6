"""Weightings of losses, and what else is made of sums, orders and one convex function."""

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, gram, reals

w, s, x, whole, share, total, mass = reals("w s x T p P W")
e, t, log, value, scaled, least = reals("e t l v y m")
top, low, count, entry, before = reals("M L n e_i b")
z, f, mean, parts = reals("z f F q")
dd, dg, gg, hop = reals("dd dg gg h")
k, g = sympy.symbols("k g", positive=True)


def slope(kept: frozenset[str]) -> sympy.Expr:
    """The derivative of DTP's weight by the indicator, less what it is said to be."""
    base, power = (1 - k if "indicator" in kept else 1 + k), sympy.symbols("p", positive=True)
    derivative = sympy.diff(-(base**g) * sympy.log(k), k).subs(base**g, base * power)
    return sympy.simplify(derivative - power * (g * sympy.log(k) - (1 - k) / k))


PROVED = (
    Theorem(
        "shares", ("dwa-sum", "temperature-order", "famo-simplex"),
        ("dwa", "soft_modularization", "famo"),
        "Weights that are shares of a whole, w_i = T p_i / sum p, are not negative, sum to it, and"
        " are in the order of the p_i.",
        {
            "share": "w_i sum p = T p_i",
            "positive": "p_i >= 0 and sum p > 0",
            "before": "(sum of the w before) sum p = T (sum of the p before)",
            "order": "p_i >= p_j",
        },
        (
            Lemma("one more weight of the sum",
                  {"share": w * total == whole * share, "before": s * total == whole * x},
                  (s + w) * total == whole * (x + share)),
            Lemma("all of them", {"before": s * total == whole * total, "positive": total > 0},
                  s == whole),
            Lemma("not negative",
                  {"share": w * total == whole * share, "positive": z3.And(share >= 0, total > 0)},
                  w >= 0, (whole > 0,)),
            Lemma("in order",
                  {"share": z3.And(w * total == whole * share, s * total == whole * x),
                   "positive": total > 0, "order": share >= x}, w >= s, (whole > 0,)),
        ),
        "Liu, Johns, Davison 2019 (DWA), eq. (7); Yang et al. 2020; Liu et al. 2023 (FAMO)",
        "DWA: p = e^(ratio / tau) rises with the ratio. Soft modularization: e^(-alpha) and 1/alpha"
        " fall with the temperature. FAMO: z_i / L_i.",
    ),
    Theorem(
        "famo-logits", ("famo-simplex",), ("famo",),
        "FAMO's step moves the logits by J f, whose entries z_i (f_i - sum z f) sum to 0: their sum"
        " only decays.",
        {"before": "the entries before sum to (their z f) - (their z) F",
         "simplex": "the z sum to 1", "mean": "F = sum z f"},
        (
            Lemma("one more entry", {"before": s == parts - mass * mean},
                  s + z * (f - mean) == (parts + z * f) - (mass + z) * mean),
            Lemma("all", {"before": s == parts - mass * mean, "simplex": mass == 1,
                          "mean": mean == parts}, s == 0),
        ),
        "Liu et al. 2023 (FAMO), Algorithm 1", "J = diag(z) - z z'.",
    ),
    Theorem(
        "scales-at-the-optimum", ("imtl-l-optimum", "uw-optimum"),
        ("imtl_l", "uncertainty_weighting"),
        "e^s L - s is at least 1 + log L, and exceeds it by e^t - 1 - t at s = t - log L; so do"
        " uncertainty weighting's (e^(l - s) + s)/2 from (1 + l)/2 at s = l - t.",
        {
            "scale": "s = t - log L, so that e^s L = e^t",
            "variance": "s = l - t, l = log L (classification: log 2 L)",
            "tangent": "e^t >= 1 + t, a convex function over its tangent",
        },
        (
            Lemma("IMTL-L", {"scale": z3.And(s == t - log, scaled == e)},
                  scaled - s == (1 + log) + (e - 1 - t)),
            Lemma("uncertainty weighting", {"variance": z3.And(s == log - t, scaled == e)},
                  (scaled + s) / 2 == (1 + log) / 2 + (e - 1 - t) / 2),
            Lemma("no less", {"tangent": e >= 1 + t}, e - 1 - t >= 0),
        ),
        "Liu et al. 2021 (IMTL), section 3.2; Kendall, Gal, Cipolla 2018, eqs. (7) and (10)",
        "The exponential lies over its tangent at 0, and touches it there alone.",
    ),
    Theorem(
        "stch-band", ("stch-band",), ("stch",),
        "The largest x_i <= mu log sum e^(x_i/mu) <= the largest x_i + mu log T.",
        {
            "each": "every term is positive and at most the largest, M",
            "before": "the sum before is at most the number of its terms times M",
            "one": "M is one of the terms, the others are not negative",
        },
        (
            Lemma("from above, one more term", {"each": z3.And(entry > 0, entry <= top),
                                                "before": before <= count * top},
                  before + entry <= (count + 1) * top),
            Lemma("from below", {"one": z3.And(total == top + before, before >= 0)}, total >= top),
        ),
        "Lin et al. 2024 (STCH), eq. (7)", "The logarithm keeps the order: M = e^(max/mu).",
    ),
    Theorem(
        "geometric-mean", ("geometric-mean-share",), ("geometric_mean",),
        "w_i L_i = v/T for every task, and v, the geometric mean, is at most the mean.",
        {
            "weight": "w_i = v/(T L_i)",
            "tangent": "log(L_i/m) <= L_i/m - 1",
            "before": "the logarithms before sum to at most (their L) / m less their number",
            "sum": "the L sum to T m",
        },
        (
            Lemma("one share", {"weight": w * (whole * x) == value}, (w * x) * whole == value),
            Lemma("one more logarithm", {"tangent": log <= x * parts - 1,
                                         "before": s <= mass * parts - count},
                  s + log <= (mass + x) * parts - (count + 1)),
            Lemma("the mean is no less", {"before": s <= mass * parts - count,
                                          "sum": mass * parts == count}, s <= 0),
        ),
        "the inequality of the means",
        "parts stands for 1/m: sum log(L_i/m) <= 0, so log v <= log m.",
    ),
    Theorem(
        "middle-of-a-column", ("trimmed-middle",), ("trimmed_mean",),
        "The mean of the kept entries lies between the least and the largest of them.",
        {"kept": "every kept entry is between both",
         "before": "the sum of those before is between their number times both",
         "number": "n > 0 entries are kept"},
        (
            Lemma("one more entry", {"kept": z3.And(low <= entry, entry <= top),
                                     "before": z3.And(count * low <= s, s <= count * top)},
                  z3.And((count + 1) * low <= s + entry, s + entry <= (count + 1) * top)),
            Lemma("their mean", {"before": z3.And(count * low <= s, s <= count * top),
                                 "number": count > 0},
                  z3.And(low <= s / count, s / count <= top)),
        ),
        "Yin et al. 2018 (trimmed mean)", "By induction over the kept entries.",
    ),
    Theorem(
        "scores-count-pairs", ("recon-score",), ("recon_scores",),
        "A Recon score is at most the number of pairs, does not grow as the severity falls, and"
        " counts no pair with a zero gradient.",
        {
            "count": "a pair counts 1 if cos < S, else 0",
            "before": "the pairs before counted at most their number, and no more at the lower S",
            "lower": "S' <= S <= 0",
        },
        (
            Lemma("one more pair",
                  {"count": z3.And(entry == z3.If(x < t, 1.0, 0.0), f == z3.If(x < z, 1.0, 0.0)),
                   "before": z3.And(s <= count, mass <= s), "lower": z3.And(z <= t, t <= 0)},
                  z3.And(s + entry <= count + 1, mass + f <= s + entry)),
            Lemma("a zero gradient: cos = 0",
                  {"count": entry == z3.If(t > 0, 1.0, 0.0), "lower": t <= 0}, entry == 0),
        ),
        "Shi et al. 2023 (Recon), Definition 3", "By induction over the unordered pairs.",
    ),
    Theorem(
        "floors", ("peltr-bounds", "peltr-optimal", "pmtl-active", "arml-optimal"),
        ("pe_ltr", "pareto_mtl", "arml"),
        "The shortest x of the convex hull of any vertices y_i has <y_i, x> >= |x|^2, with equality"
        " on the support: PE-LTR's y_i = G'c + s g_i, Pareto-MTL's gradients and active"
        " constraints, ARML's y_k = main - K g_k.",
        {
            "kkt": "<y_i, x> >= |x|^2",
            "weights": "v_i >= 0",
            "before": "<y, x> is at least |x|^2 times the weights before, y = sum v_i y_i",
            "sum": "the weights sum to 1",
        },
        (
            Lemma("one more vertex", {"kkt": dg >= dd, "weights": w >= 0,
                                       "before": hop >= mass * dd},
                  hop + w * dg >= (mass + w) * dd),
            Lemma("no point of the hull is shorter", {"before": hop >= mass * dd, "sum": mass == 1},
                  dd <= gg, gram(dd, hop, gg)),
        ),
        "Lin et al. 2019 (PE-LTR, Pareto-MTL); Shi et al. 2020 (ARML)",
        "The converse is mgda-kkt for the same vertices. Weights above floors are c + (1 - sum c) v"
        " with v on the simplex.",
        beside=("two-stage",),
    ),
    Theorem(
        "loss-units", ("loss-units",),
        ("dwa", "famo", "gradnorm", "geometric_mean", "imtl_l", "stch", "uncertainty_weighting",
         "uniform", "random_weighting"),
        "Losses in another unit, q > 0: ratios of two losses stay, and so do differences of their"
        " logarithms; what is a quotient by a loss is divided by q.",
        {"units": "both losses are q times what they were",
         "quotient": "the weight is p/L, the new one p/(q L)"},
        (
            Lemma("a ratio", {"units": z3.And(value == x * scaled, share == x * log)},
                  value * log == share * scaled),
            Lemma("a quotient", {"quotient": z3.And(w * scaled == t, s * (x * scaled) == t)},
                  (s * x) * scaled == w * scaled),
        ),
        "from the definitions",
        "DWA, FAMO and GradNorm see ratios alone; the geometric mean and STCH's logarithms move by"
        " one factor or one summand for all; IMTL-L's optimum is 1/L; the others do not see"
        " losses.",
    ),
    Theorem(
        "focal-weight-falls", ("dtp-monotone",), ("dtp",),
        "-(1 - k)^g log k is not negative and falls as the indicator k rises in (0, 1), g >= 0.",
        {"log": "log k <= 0", "indicator": "0 < k < 1", "focus": "g >= 0"},
        (
            Identity("its slope is (1 - k)^(g - 1) (g log k - (1 - k)/k)", ("indicator",), slope),
            Lemma("the slope is negative",
                  {"log": log <= 0, "indicator": z3.And(x > 0, x < 1), "focus": t >= 0},
                  t * log * x - (1 - x) < 0),
            Lemma("not negative", {"log": log <= 0}, -log * value >= 0, (value >= 0,)),
        ),
        "Guo et al. 2018 (DTP)", "The second lemma is the bracket times k.",
    ),
    Theorem(
        "graddrop-unbiased", ("graddrop-law",), ("graddrop",),
        "f = identity, no leak: the mean over the uniform is the sum of the gradients; and a"
        " coordinate of one sign is kept whatever the uniform.",
        {
            "purity": "P (p + m) = p, p and m the sums of the positive and of the negative sizes",
            "one sign": "m = 0 < p, so P = 1",
            "uniform": "0 < U < 1",
        },
        (
            Lemma("P p - (1 - P) m = p - m", {"purity": share * (top + low) == top},
                  share * top - (1 - share) * low == top - low, (top + low > 0,)),
            Lemma("P > U", {"purity": share * (top + low) == top,
                            "one sign": z3.And(low == 0, top > 0), "uniform": z3.And(t > 0, t < 1)},
                  share > t),
        ),
        "Chen et al. 2020 (GradDrop), Algorithm 1",
        "The positive entries are kept with the probability P, the negative ones else.",
    ),
)  # fmt: skip

"""Scaling: why the methods follow along, each with its degree."""

import z3

from properties.proofs.theorem import Lemma, Theorem, reals

gg, vg, k, scaled_k, q, first, second, a, new, ka, s = reals("gg vg k K q f1 f2 a b ka s")

root_mu, root_l, new_mu, new_l, kx, value = reals("m r M R kx l")
SCALING = ("homogeneous", "homogeneous-range")  # in exact numbers one and the same


PROVED = (
    Theorem(
        "homogeneous-steps", SCALING,
        ("pcgrad", "gradops", "gradops_static", "gradvac", "a_gem"),
        "Coefficients of projections have degree 0, so the direction has degree 1.",
        {
            "step": "k |g|^2 = -<v, g>",
            "scaled step": "k' |q g|^2 = -<q v, q g>",
            "scale": "q is not 0",
            "not zero": "g is not zero",
        },
        (
            Lemma(
                "one coefficient",
                {"step": k * gg == -vg, "scaled step": scaled_k * q * q * gg == -q * q * vg,
                 "scale": q != 0, "not zero": gg > 0},
                k == scaled_k,
            ),
        ),
        "from the definitions",
        "By induction over the steps.",
    ),
    Theorem(
        "homogeneous-programs", SCALING,
        ("mgda", "mgda_ub", "cagrad", "cagrad_fast", "upgrad", "dual_proj", "gem", "arml", "pe_ltr",
         "pareto_mtl", "krum", "epo"),
        "The objectives w'Kw, F(w), the squared distances and the constraints on K w have degree"
        " 2 in the rows, so their minimisers stay.",
        {"least": "f(w) <= f(v)", "degree": "f' = q^2 f"},
        (
            Lemma(
                "the order of two values stays",
                {"least": first <= second, "degree": a == q * q},
                a * first <= a * second,
            ),
        ),
        "from the definitions",
        "A positive factor keeps the order of all values.",
    ),
    Theorem(
        "homogeneous-sums", SCALING, ("mean", "sum", "graddrop", "trimmed_mean"),
        "Sums of rows, or of those of their entries that a comparison keeps, have degree 1.",
        {"before": "the sum before is q times what it was", "comparison": "q > 0 keeps the order"},
        (
            Lemma("one more term", {"before": second == q * first},
                  second + q * a == q * (first + a)),
            Lemma("a comparison", {"comparison": z3.And(q > 0, first < second)},
                  q * first < q * second),
        ),
        "from the definitions",
        "By induction over the rows; GradDrop's purity is a ratio of two sums, of degree 0.",
    ),
    Theorem(
        "homogeneous-ratios", SCALING, ("dw", "pcgrad_dw", "gradops"),
        "Weights made of ratios of projections have degree 0.",
        {"scale": "q is not 0", "scaled": "both projections are q times what they were",
         "not zero": "the divisor is not 0"},
        (
            Lemma(
                "one ratio",
                {"scale": q != 0, "scaled": z3.And(a == q * first, new == q * second),
                 "not zero": second != 0},
                a * second == new * first,
            ),
            Lemma("its divisor", {"scale": q != 0, "not zero": second != 0}, q * second != 0),
        ),
        "from the definitions",
        "r_i is a ratio of two quantities of degree 1, and any power of it has degree 0 too.",
    ),
    Theorem(
        "homogeneous-imtl", SCALING, ("imtl_g", "imtl"),
        "The weights of IMTL-G have degree 0: K a = s n gives (q^2 K) a = (q s)(q n).",
        {"equation": "(K a)_i = s n_i"},
        (Lemma("scaled rows", {"equation": ka == s * a}, q * q * ka == q * s * (q * a)),),
        "Liu et al. 2021 (IMTL), section 3.1",
        "The same a solves the scaled equation with the common projection q s.",
    ),
    Theorem(
        "homogeneous-nash", SCALING, ("nash_mtl",),
        "Nash-MTL has degree 0: a/q is the fixed point of the rows q g_i, with the same direction.",
        {"fixed point": "a (K a) = 1", "new": "b q = a"},
        (
            Lemma(
                "fixed point of the scaled rows",
                {"fixed point": a * ka == 1, "new": new * q == a},
                new * (q * ka) == 1,
            ),
        ),
        "Navon et al. 2022 (Nash-MTL)",
        "b_i (q^2 K b)_i = b_i q (K a)_i = 1; the fixed point is unique.",
    ),
    Theorem(
        "homogeneous-units", SCALING, ("config", "rotograd"),
        "Unit gradients have degree 0, and what is made of them and of lengths has degree 1.",
        {"length": "the scaled length is positive, and its square is q^2 |g|^2",
         "scale": "q > 0"},
        (
            Lemma(
                "the length", {"length": z3.And(new > 0, new * new == q * q * gg), "scale": q > 0},
                new == q * k, (k > 0, k * k == gg),
            ),
        ),
        "Liu et al. 2024 (ConFIG); Javaloy and Valera 2022 (RotoGrad)",
        "(q g)/(q |g|) = g/|g|. ConFIG's u stays and <g_i, u> has degree 1; RotoGrad's shares of"
        " lengths stay, and the rotation that brings one set of points nearest to another does not"
        " mind their scale.",
    ),
    Theorem(
        "homogeneous-spectrum", SCALING, ("aligned_mtl",),
        "Aligned-MTL: K's eigenvectors stay, its eigenvalues have degree 2, so the weights"
        " sqrt(mu) K^(-1/2) p have degree 0.",
        {"eigenvector": "(K x)_i = l x_i", "roots": "both roots are q times what they were",
         "not zero": "the divisor is not 0", "scale": "q is not 0"},
        (
            Lemma("the eigenvector stays", {"eigenvector": kx == value * a},
                  q * q * kx == (q * q * value) * a),
            Lemma("a quotient of roots",
                  {"roots": z3.And(new_mu == q * root_mu, new_l == q * root_l),
                   "not zero": root_l != 0, "scale": q != 0},
                  z3.And(new_mu / new_l == root_mu / root_l, new_l != 0)),
        ),
        "Senushkin et al. 2023 (Aligned-MTL)",
        "sqrt(q^2 mu)/sqrt(q^2 l) = sqrt(mu)/sqrt(l) on every eigenvector.",
    ),
    Theorem(
        "homogeneous-fair", SCALING, ("fairgrad",),
        "FairGrad has degree (1 - alpha)/(1 + alpha): a goes over to q^s a, s = -2 alpha/(1 +"
        " alpha).",
        {"exponent": "s (1 + alpha) = -2 alpha"},
        (
            Lemma("both sides of K a = a^(-1/alpha) get one power of q",
                  {"exponent": s * (1 + a) == -2 * a}, a * (2 + s) == -s),
            Lemma("the degree of the direction", {"exponent": s * (1 + a) == -2 * a},
                  (1 + s) * (1 + a) == 1 - a),
        ),
        "Ban and Ji 2024 (FairGrad), eq. (4)",
        "q^2 q^s on the left and q^(-s/alpha) on the right; the direction has one more power of q;"
        " the fixed point is unique.",
    ),
)  # fmt: skip

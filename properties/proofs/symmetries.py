"""Scaling and renumbering: why the methods follow along."""

from itertools import product

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, reals

gg, vg, k, scaled_k, q, first, second, a, new, ka, s = reals("gg vg k K q f1 f2 a b ka s")

TASKS = 3
entries = sympy.symbols("K11 K12 K13 K22 K23 K33")
K = sympy.Matrix(3, 3, [entries[0], *entries[1:3], entries[1], *entries[3:5],
                        entries[2], entries[4], entries[5]])  # fmt: skip
w = sympy.symbols("w1:4")
ORDER = (2, 0, 1)


def form(matrix: sympy.Matrix, weights: tuple[sympy.Symbol, ...]) -> sympy.Expr:
    """The square of the length of a combination, w'Kw."""
    tasks = range(TASKS)
    return sum(weights[i] * matrix[i, j] * weights[j] for i, j in product(tasks, tasks))


def renumbered(kept: frozenset[str]) -> sympy.Expr:
    """The form w'Kw after a renumbering of rows and weights, less before."""
    matrix = sympy.Matrix(3, 3, lambda i, j: K[ORDER[i], ORDER[j]]) if "rows" in kept else K
    weights = tuple(w[i] for i in ORDER) if "weights" in kept else w
    return sympy.expand(form(matrix, weights) - form(K, w))


def reordered(kept: frozenset[str]) -> sympy.Expr:
    """The sum of w_i t_i, weights renumbered, less before; the terms along or not."""
    terms = sympy.symbols("t1:4")
    moved = tuple(terms[i] for i in ORDER) if "terms" in kept else terms
    after = sum(w[place] * term for place, term in zip(ORDER, moved, strict=True))
    return sympy.expand(after - sum(a * b for a, b in zip(w, terms, strict=True)))


PROVED = (
    Theorem(
        "homogeneous-steps", ("homogeneous",),
        ("pcgrad", "gradops", "gradops_static", "gradvac", "a_gem", "ogd"),
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
        "homogeneous-programs", ("homogeneous",),
        ("mgda", "mgda_ub", "cagrad", "cagrad_fast", "upgrad", "dual_proj", "gem", "arml", "pe_ltr",
         "pareto_mtl", "krum"),
        "The objectives w'Kw, F(w) and the squared distances have degree 2 in the rows, so their"
        " minimisers stay.",
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
        "homogeneous-sums", ("homogeneous",), ("mean", "sum", "graddrop", "trimmed_mean"),
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
        "homogeneous-ratios", ("homogeneous",), ("dw", "pcgrad_dw", "gradops"),
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
        "homogeneous-imtl", ("homogeneous",), ("imtl_g", "imtl"),
        "The weights of IMTL-G have degree 0: K a = s n gives (q^2 K) a = (q s)(q n).",
        {"equation": "(K a)_i = s n_i"},
        (Lemma("scaled rows", {"equation": ka == s * a}, q * q * ka == q * s * (q * a)),),
        "Liu et al. 2021 (IMTL), section 3.1",
        "The same a solves the scaled equation with the common projection q s.",
    ),
    Theorem(
        "homogeneous-nash", ("homogeneous",), ("nash_mtl",),
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
        "permutation-sums", ("permutation",),
        ("mean", "sum", "gradops", "gradops_static", "dw", "pcgrad", "pcgrad_dw", "gradvac",
         "graddrop", "dwa", "uniform", "uncertainty_weighting", "soft_modularization",
         "random_weighting", "geometric_mean", "stch", "dtp"),
        "A sum of terms, one a task, each made of its own row and of the others in no order of"
        " their own, stays where the tasks are renumbered.",
        {"terms": "the terms are renumbered along"},
        (Identity("T = 3, a cycle", ("terms",), reordered),),
        "from the definitions",
        "Addition does not mind the order; any renumbering is made of cycles.",
        tasks="T = 3",
    ),
    Theorem(
        "permutation-forms", ("permutation",),
        ("mgda", "mgda_ub", "cagrad", "cagrad_fast", "imtl_g", "imtl", "nash_mtl", "fairgrad",
         "upgrad", "dual_proj", "pe_ltr", "pareto_mtl", "arml"),
        "Renumbering rows and weights alike leaves w'Kw, so minimisers are renumbered along.",
        {"rows": "the rows are renumbered", "weights": "the weights are renumbered alike"},
        (Identity("T = 3, a cycle", ("rows", "weights"), renumbered),),
        "from the definitions",
        "The double sum over all pairs of tasks is taken in another order.",
        tasks="T = 3",
    ),
)  # fmt: skip

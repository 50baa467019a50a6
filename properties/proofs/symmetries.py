"""Scaling and renumbering: why the methods follow along."""

from itertools import product

import sympy

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


PROVED = (
    Theorem(
        "homogeneous-steps", ("homogeneous",), ("pcgrad", "gradops", "gradvac", "a_gem", "ogd"),
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
        "homogeneous-programs", ("homogeneous",), ("mgda", "cagrad", "upgrad", "dual_proj"),
        "The objectives w'Kw and F(w) have degree 2 in the rows, so their minimisers stay.",
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
        "permutation-forms", ("permutation",), ("mgda", "cagrad", "imtl_g", "nash_mtl"),
        "Renumbering rows and weights alike leaves w'Kw, so minimisers are renumbered along.",
        {"rows": "the rows are renumbered", "weights": "the weights are renumbered alike"},
        (Identity("T = 3, a cycle", ("rows", "weights"), renumbered),),
        "from the definitions",
        "The double sum over all pairs of tasks is taken in another order.",
        tasks="T = 3",
    ),
)  # fmt: skip

"""Renumbering the tasks: why the methods follow along, for any number of tasks."""

import sympy

from properties.proofs.theorem import Identity, Theorem

k11, k12, k22, s1, s2, w1, w2, t1, t2, rest = sympy.symbols("k11 k12 k22 s1 s2 w1 w2 t1 t2 rest")


def form(kept: frozenset[str]) -> sympy.Expr:
    """The form w'Kw after two tasks have changed places, less before.

    s_i is the inner product of g_i with the other tasks' combination, and ``rest`` the others'
    own part: whatever the number of tasks.
    """

    def value(a: tuple[sympy.Expr, ...], w: tuple[sympy.Expr, ...]) -> sympy.Expr:
        """w_1^2 K_11 + w_2^2 K_22 + 2 w_1 w_2 K_12 + 2 w_1 s_1 + 2 w_2 s_2 + rest."""
        own = w[0] ** 2 * a[0] + w[1] ** 2 * a[1] + 2 * w[0] * w[1] * k12
        return own + 2 * w[0] * a[2] + 2 * w[1] * a[3] + rest

    before = (k11, k22, s1, s2)
    after = (k22, k11, s2, s1) if "rows" in kept else before
    weights = (w2, w1) if "weights" in kept else (w1, w2)
    return sympy.expand(value(after, weights) - value(before, (w1, w2)))


def product(kept: frozenset[str]) -> sympy.Expr:
    """The entry of K w at the place where task 1 is now, less its entry before."""
    before = k11 * w1 + k12 * w2 + s1
    weights = (w2, w1) if "weights" in kept else (w1, w2)
    here = (k11, s1) if "rows" in kept else (k22, s2)  # the second place: its own entry, the others
    return sympy.expand(here[0] * weights[1] + k12 * weights[0] + here[1] - before)


def swapped(kept: frozenset[str]) -> sympy.Expr:
    """The sum of w_i t_i, weights of two tasks swapped, less before; the terms along or not."""
    terms = (t2, t1) if "terms" in kept else (t1, t2)
    return sympy.expand(w2 * terms[0] + w1 * terms[1] - (w1 * t1 + w2 * t2))


PROVED = (
    Theorem(
        "permutation-sums", ("permutation",),
        ("mean", "sum", "gradops", "gradops_static", "dw", "pcgrad", "pcgrad_dw", "gradvac",
         "graddrop", "dwa", "uniform", "uncertainty_weighting", "soft_modularization",
         "random_weighting", "geometric_mean", "stch", "dtp", "trimmed_mean", "krum", "rotograd",
         "imtl_l", "gradnorm", "famo", "average_error", "recon_scores"),
        "A sum of terms, one a task, each made of its own row and of the others in no order of"
        " their own, stays where the tasks are renumbered.",
        {"terms": "the terms are renumbered along"},
        (Identity("two tasks change places", ("terms",), swapped),),
        "from the definitions",
        "All other terms stay where they are, and any renumbering is made of such swaps. (The"
        " trimmed mean sorts by size, Krum by score, a Recon score counts unordered pairs.)",
    ),
    Theorem(
        "permutation-forms", ("permutation",),
        ("mgda", "mgda_ub", "cagrad", "cagrad_fast", "imtl_g", "imtl", "nash_mtl", "fairgrad",
         "upgrad", "dual_proj", "pe_ltr", "pareto_mtl", "arml"),
        "Renumbering rows and weights alike leaves w'Kw, so minimisers are renumbered along.",
        {"rows": "the rows are renumbered", "weights": "the weights are renumbered alike"},
        (Identity("two tasks change places", ("rows", "weights"), form),),
        "from the definitions",
        "With s_i = <g_i, the others' combination> the other tasks stay out of it; any renumbering"
        " is made of such swaps.",
    ),
    Theorem(
        "permutation-products", ("permutation",),
        ("aligned_mtl", "config", "epo", "modo", "sdmgrad", "fairgrad", "nash_mtl"),
        "Renumbering rows and weights alike renumbers K w: equations, eigenvectors, constraints and"
        " gradient steps of the tasks are renumbered along.",
        {"rows": "the rows are renumbered", "weights": "the weights are renumbered alike"},
        (Identity("two tasks change places", ("rows", "weights"), product),),
        "from the definitions",
        "K x = l x gives (P K P')(P x) = l (P x); so every function of K's spectrum, every linear"
        " program on K w with one best vertex and every step w - t K w go along.",
    ),
)  # fmt: skip

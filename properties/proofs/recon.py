"""Recon: the sign of Theorem 4.1's first-order difference, and the distance of rankings."""

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, reals

w, own, cross, s, one, rest, tasks = reals("w q p S w1 r T")
a, b, c, x, y, z = z3.Ints("a b c x y z")
n, m = sympy.symbols("n m", integer=True, positive=True)


def size(value: object) -> object:
    """The absolute value of an integer."""
    return z3.If(value >= 0, value, -value)  # type: ignore[operator]  # a formula


def farthest(kept: frozenset[str]) -> sympy.Expr:
    """Twice the n largest of 1, 1, ..., n, n, less n (n + 1), against floor(n^2/2), n even."""
    k = sympy.symbols("k", integer=True)
    lowest = n / 2 + 1 if "largest" in kept else 1
    return sympy.summation(2 * k, (k, lowest, n)) * 2 - n * (n + 1) - n**2 / 2


def farthest_odd(kept: frozenset[str]) -> sympy.Expr:
    """The same for n = 2m + 1: the n largest are the m top pairs and one m + 1."""
    k = sympy.symbols("k", integer=True)
    lowest = m + 2 if "largest" in kept else 1
    size_ = 2 * m + 1
    top = sympy.summation(2 * k, (k, lowest, size_)) + m + 1
    return sympy.expand(top * 2 - size_ * (size_ + 1) - (size_**2 - 1) / 2)


PROVED = (
    Theorem(
        "recon-one-step", (), (),
        "Theorem 4.1: the first-order difference of the converted and the plain network's loss is"
        " negative.",
        {
            "weights": "w_j >= 0",
            "inequality": "<g_i, g_j> < |g_i|^2 for all i not j (the paper's condition (6))",
            "before": "the terms before sum to no more than zero",
            "sum": "the weights sum to 1",
            "tasks": "T >= 2: there is another task beside any",
        },
        (
            Lemma(
                "one more term of -sum_i sum_j w_j (|g_i|^2 - <g_i, g_j>)",
                {"weights": w >= 0, "inequality": cross < own, "before": s <= 0},
                s - w * (own - cross) <= 0,
            ),
            Lemma("some weight is positive", {"sum": one + rest == 1}, z3.Or(one > 0, rest > 0)),
            Lemma(
                "its T - 1 terms with the other tasks are strict",
                {"inequality": cross < own, "tasks": tasks >= 2},
                -(tasks - 1) * w * (own - cross) < 0,
                (w > 0,),
            ),
        ),
        "Shi et al. 2023 (Recon), Theorem 4.1; w >= 0 and T >= 2 are not printed",
        "No term is positive, and one with w_j > 0 and i not j is negative.",
    ),
    Theorem(
        "ranking-distance-metric", ("ranking-distance",), ("ranking_distance",),
        "The distance of rankings is a metric: no detour is shorter.",
        {
            "first": "x = |p(l) - q(l)|",
            "second": "y = |q(l) - r(l)|",
            "third": "z = |p(l) - r(l)|",
        },
        (
            Lemma(
                "triangle, layer by layer",
                {"first": x == size(a - b), "second": y == size(b - c), "third": z == size(a - c)},
                z <= x + y,
            ),
        ),
        "Shi et al. 2023 (Recon), eq. (22)",
        "A sum of such terms keeps the inequality; it is zero only where all places agree.",
        width="every n",
    ),
    Theorem(
        "ranking-distance-most", ("ranking-distance",), ("ranking_distance",),
        "The distance of two rankings of n layers is at most floor(n^2/2)/n.",
        {"largest": "the larger of two places are n of the 2n numbers 1, 1, ..., n, n, so they sum"
                    " to at most the n largest of them"},
        (
            Identity("n even", ("largest",), farthest),
            Identity("n odd", ("largest",), farthest_odd),
        ),
        "Shi et al. 2023 (Recon), eq. (22)",
        "sum |p - q| = 2 sum max(p, q) - sum (p + q), and sum (p + q) = n (n + 1).",
        width="every n",
    ),
)  # fmt: skip

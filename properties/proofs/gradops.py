"""GradOPS: projections, strong non-conflict, equal projections, relations to other methods."""

import sympy

from properties.proofs.theorem import Identity, Lemma, Theorem, gram, reals

OPS = "GradOPS (arXiv 2503.03438)"
gg, gp, pp, dd, dj, jj, s, w, x = reals("gg gp pp dd dj jj s w x")
total, weights, share, xx, xy, yy = reals("S W v xx xy yy")
t, smooth, tasks, length, inner, fall = reals("t L T N I D")

n1, n2, c, alpha, k = sympy.symbols("n1 n2 c alpha k", real=True, nonzero=True)


def coefficients(power: int, kept: frozenset[str]) -> tuple[sympy.Expr, sympy.Expr]:
    """Coefficients of GradOPS(alpha = power) on g_1, g_2 of lengths n1, n2 and cosine c.

    In conflict g'_1 = g_1 - c (n1/n2) g_2 and R_i = n_i (1 - c^2); else g'_i = g_i.
    """
    if "conflict" in kept:
        own, cross = (1, 1), (-c * n1 / n2, -c * n2 / n1)
        reach = (n1 * (1 - c**2), n2 * (1 - c**2))
    else:
        own, cross = (1, 1), (0, 0)
        reach = (n1 + c * n2, n2 + c * n1)
    first, second = reach[0] ** power, reach[1] ** power
    return first * own[0] + second * cross[1], first * cross[0] + second * own[1]


def across(power: int, other: tuple[sympy.Expr, sympy.Expr], kept: frozenset[str]) -> sympy.Expr:
    """Zero where GradOPS(power) is parallel to a combination of the same two gradients."""
    first, second = coefficients(power, kept)
    return sympy.together(first * other[1] - second * other[0])


IMTL = (1 / n1, 1 / n2)  # the bisector
SHORTEST = (n2 * (n2 - c * n1), n1 * (n1 - c * n2))  # the closed form of MGDA for two rows


def equal(kept: frozenset[str]) -> sympy.Expr:
    """<d, g_1>/n_1 - <d, g_2>/n_2 at alpha = -1 for one pair of any number of tasks.

    q_i = <g'_i, g_i> = |g'_i|^2; the others' g'_j add e_i to <d, g_i>, which is 0 where all are
    modified.
    """
    q1, q2, e1, e2 = sympy.symbols("q1 q2 e1 e2", positive=True)
    r1, r2 = q1 / n1, q2 / n2
    extra = (0, 0) if "modified" in kept else (e1, e2)
    power = -1 if "alpha" in kept else alpha
    return (r1**power * q1 + extra[0]) / n1 - (r2**power * q2 + extra[1]) / n2


def proportional(kept: frozenset[str]) -> sympy.Expr:
    """<d, g_1>/n_1 R_2^(1 + alpha) less <d, g_2>/n_2 R_1^(1 + alpha), for any real alpha."""
    q1, q2, e1, m1, m2 = sympy.symbols("q1 q2 e1 m1 m2", positive=True)
    r1, r2 = q1 / m1, q2 / m2
    extra = 0 if "modified" in kept else e1
    first, second = (r1**alpha * q1 + extra) / m1, r2**alpha * q2 / m2
    return sympy.powsimp(sympy.expand(first * r2 ** (1 + alpha) - second * r1 ** (1 + alpha)))


def identity(name: str, power: int, other: tuple[sympy.Expr, sympy.Expr]) -> Identity:
    """GradOPS(power) is parallel to another method's direction, where the two gradients conflict.

    Every identity of two tasks needs the conflict: without it nothing is projected.
    """
    return Identity(name, ("conflict",), lambda kept: across(power, other, kept))


PROVED = (
    Theorem(
        "gradops-strong-non-conflict", ("strong-non-conflict", "gradops-projection"),
        ("gradops", "gradops_static"),
        "g'_i g_j >= 0 for all i, j; and a modified g'_i is orthogonal to every other g_j.",
        {
            "projection": "p is the projection of g_i on the others' span: g_i - p is orthogonal to"
            " p itself",
            "others": "g_i - p is orthogonal to the other g_j",
            "shortest": "a fallback is MGDA's direction: <g_j, d> >= |d|^2",
        },
        (
            Lemma("own", {"projection": gp == pp}, gg - gp == gg - 2 * gp + pp, gram(gg, gp, pp)),
            Lemma("own is not negative", {"projection": gp == pp}, gg - gp >= 0, gram(gg, gp, pp)),
            Lemma("others", {"others": dj - x == 0}, dj - x >= 0),
            Lemma("fallback", {"shortest": dj >= dd}, dj >= 0, gram(dd, dj, jj)),
        ),
        OPS + ", section 2 and eqs. (1)-(2)",
        "<g'_i, g_i> = |g'_i|^2 for a projection, <g'_i, g_j> = 0 for the others; a gradient that"
        " is not modified has no conflict, which is the test itself.",
    ),
    Theorem(
        "gradops-any-weights", ("any-weights", "non-conflict"),
        ("gradops", "gradops_static", "pcgrad_dw"),
        "Every non-negative combination of the g'_i conflicts with no task.",
        {
            "strong": "<g'_i, g_j> >= 0",
            "weights": "the weight is not negative",
            "before": "the sum of the terms before is not negative",
        },
        (
            Lemma(
                "one more term",
                {"strong": x >= 0, "weights": w >= 0, "before": s >= 0},
                s + w * x >= 0,
            ),
        ),
        OPS + ", section 2",
        "By induction over the tasks: a sum that is not negative stays so with one more term.",
    ),
    Theorem(
        "gradops-is-pcgrad", ("pcgrad-is-gradops",), ("gradops", "pcgrad"),
        "T = 2, alpha = 0: GradOPS is PCGrad's sum, in every branch.",
        {
            "orthogonal": "g'_1 = g_1 + k g_2 is orthogonal to g_2 (GradOPS)",
            "step": "k g_22 = -g_12 (PCGrad's step)",
            "not zero": "g_2 is not zero, as it conflicts",
        },
        (
            Lemma(
                "the same coefficient",
                {"orthogonal": gp + w * pp == 0, "step": s * pp == -gp, "not zero": pp > 0},
                w == s,
                gram(gg, gp, pp),
            ),
        ),
        OPS + ", section 3.1",
        "The test is the same for both; where it holds, one coefficient makes g'_1 orthogonal.",
        tasks="T = 2",
    ),
    Theorem(
        "gradops-is-imtl", ("gradops-two-tasks",), ("gradops", "imtl_g"),
        "T = 2 in conflict, not antiparallel: alpha = -1 is parallel to IMTL-G.",
        {"conflict": "<g_1, g_2> < 0, so both are projected"},
        (identity("alpha = -1 against the bisector", -1, IMTL),),
        OPS + ", section 4.1", "Coefficients on g_1 and g_2 in lengths and the cosine.",
        tasks="T = 2",
    ),
    Theorem(
        "gradops-is-mgda", ("gradops-two-tasks",), ("gradops", "mgda"),
        "T = 2 in conflict, not antiparallel: alpha = -2 is parallel to MGDA.",
        {"conflict": "<g_1, g_2> < 0, so both are projected"},
        (identity("alpha = -2 against the shortest", -2, SHORTEST),),
        OPS + ", section 4.1", "Coefficients on g_1 and g_2 in lengths and the cosine.",
        tasks="T = 2",
    ),
    Theorem(
        "gradops-equal-projections", ("gradops-equal-projections",), ("gradops",),
        "Every task modified, alpha = -1: the projections <d, g_i>/n_i are equal.",
        {
            "modified": "every task is modified, so <g'_j, g_i> = 0 for j not i",
            "alpha": "alpha = -1",
        },
        (
            Identity("a pair of projections", ("modified", "alpha"), equal),
            Identity("they are as R_i^(1 + alpha), for any alpha", ("modified",), proportional),
        ),
        "by the dual basis",
        "<d, g_i>/n_i = w_i |g'_i|^2/n_i = w_i R_i, and w_i is proportional to R_i^alpha. With K"
        " > 0 the equation <d, g_i> = s n_i has one line of solutions in the span: IMTL-G's, up"
        " to its sign (one-line).",
    ),
)  # fmt: skip

"""How the methods relate where gradients all conflict, do not, or look alike: any T, any d."""

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, reals

cross, square, product, a, b, k = reals("C Q P a b k")
w, s, gd, gx, gy, n, m, first, second = reals("w s gd gx gy n m u v")
xx, xy, yy, xs, ss, here, there = reals("xx xy yy xs ss i j")
UP = "Quinton and Rey 2024 (UPGrad)"
NO_PAIR = "K_ij <= 0 for i not j: every two gradients conflict or are at right angles"
DEFINITE = "K > 0, so y'Ky > 0 for the negative part y unless it is 0"


def integral(kept: frozenset[str]) -> sympy.Expr:
    """The integral of 2/pi 1/(l + t^2) over t > 0, less l^(-1/2)."""
    value, t = sympy.symbols("l t", positive=True)
    factor = 2 / sympy.pi if "root" in kept else 1
    return factor * sympy.integrate(1 / (value + t**2), (t, 0, sympy.oo)) - 1 / sympy.sqrt(value)


def root_of_two(kept: frozenset[str]) -> sympy.Expr:
    """The sum of the squares of the entries of (K + s)^2 - (tr K + 2 s) K."""
    p, q, c, r = sympy.symbols("p q c r", positive=True)
    root = sympy.sqrt(p * q - c**2) if "square" in kept else r
    form = sympy.Matrix([[p, c], [c, q]])
    rest = (form + root * sympy.eye(2)) ** 2 - (p + q + 2 * root) * form
    return sympy.expand(sum(sympy.expand(entry) ** 2 for entry in rest))


PROVED = (
    Theorem(
        "all-conflict-cone", ("non-conflict",), (),
        "No two gradients have a positive inner product and K > 0: every direction of the span that"
        " conflicts with no task is a combination of the gradients without negative weights.",
        {
            "conflicts": NO_PAIR,
            "gains": "(K w)_i >= 0 for every task",
            "definite": DEFINITE,
            "parts": "the positive part x and the negative part y of w, both >= 0",
            "before": "the terms before keep their sign",
        },
        (
            Lemma("one more term of y'Kx: x and y share no task",
                  {"conflicts": k <= 0, "parts": z3.And(a >= 0, b >= 0), "before": cross <= 0},
                  cross + a * k * b <= 0),
            Lemma("one more term of y'Kw",
                  {"gains": gd >= 0, "parts": a >= 0, "before": product >= 0},
                  product + a * gd >= 0),
            Lemma("y'Kw = y'Kx - y'Ky leaves no negative part",
                  {"conflicts": cross <= 0, "gains": product >= 0,
                   "definite": z3.Implies(n > 0, square > 0)},
                  n <= 0, (product == cross - square,)),
        ),
        "the inverse of a Stieltjes matrix is not negative",
        "w = x - y; the last lemma has n for the size of y.",
        remarks=(("Where all gradients conflict pairwise, every non-conflicting direction of the"
                  " span has non-negative weights: MGDA, UPGrad, DualProj, GradOPS, Nash-MTL,"
                  " IMTL-G and ConFIG all lie in the cone of the gradients there."),),
    ),
    Theorem(
        "upgrad-is-gradops", ("cone-projection",), (),
        "No two gradients have a positive inner product and K > 0: GradOPS's g'_i is the projection"
        " of g_i on the cone {x : Gx >= 0}, so UPGrad = GradOPS(0)/T.",
        {
            "orthogonal": "g'_i = g_i + sum of c_j g_j over the others is orthogonal to every other"
            " g_j",
            "cone": "c_j >= 0, by all-conflict-cone",
            "own": "<g'_i, g_i> = |g'_i|^2",
        },
        (
            Lemma("the multipliers of the projection: c_j for the others, 0 for i",
                  {"orthogonal": gx == 0, "cone": w >= 0, "own": gd == xx},
                  z3.And(gx >= 0, w >= 0, w * gx == 0, gd >= 0), (xx >= 0,)),
        ),
        "by the dual basis",
        "K c is |g'_i|^2 at i and 0 elsewhere, so not negative, and c with it; these are the"
        " conditions of cone-projection. A task at right angles to all others has c = 0. UPGrad is"
        " the mean of the projections, GradOPS(0) their sum.",
        remarks=(("Where all gradients conflict pairwise and are independent, UPGrad and GradOPS(0)"
                  " are one method, up to the factor T: for every number of tasks."),),
    ),
    Theorem(
        "no-conflict", ("non-conflict",), (),
        "No two gradients conflict: sum = PCGrad = GradOPS(0), mean = UPGrad = DualProj, and every"
        " combination without negative weights conflicts with no task.",
        {
            "no conflict": "K_ij >= 0",
            "weights": "w_j >= 0",
            "before": "the sum of the terms before is not negative",
        },
        (
            Lemma("one more term of <g_i, sum w_j g_j>",
                  {"no conflict": k >= 0, "weights": w >= 0, "before": s >= 0}, s + w * k >= 0),
        ),
        "from the definitions",
        "No test of PCGrad and GradOPS finds a conflict; every gradient and their mean lie in the"
        " cone {x : Gx >= 0}, where its projection is the point itself (cone-projection with"
        " multipliers 0).",
    ),
    Theorem(
        "alike", ("gramian",), (),
        "K stays where two tasks change places: any method whose weights are made of K and go along"
        " with the tasks gives both one weight.",
        {"along": "the weights change places with the tasks", "same": "K is the same, so are they"},
        (Lemma("one weight", {"along": z3.And(first == w, second == s),
                              "same": z3.And(first == s, second == w)}, w == s),),
        "by permutation-forms, permutation-sums and permutation-products",
        "For two tasks of one length, or T tasks of one length and one angle, every such method"
        " is a multiple of the mean.",
        remarks=(("Two tasks of one length, or any number with one length and one angle: every"
                  " method that works through the Gramian points along the mean."),),
    ),
    Theorem(
        "one-line", ("gradops-equal-projections", "config-projections"), ("gradops", "config"),
        "Independent rows: the directions of the span with equal projections <d, g_i>/n_i lie on"
        " one line: IMTL-G, ConFIG, and GradOPS(-1) where every task is modified.",
        {
            "first": "<d, g_i> = s n_i",
            "second": "<e, g_i> = m n_i",
            "span": "m d - s e is a combination of the rows, and each term w <g_i, m d - s e> is 0",
        },
        (
            Lemma("m d - s e is orthogonal to every row",
                  {"first": gd == s * n, "second": gx == m * n}, m * gd - s * gx == 0),
            Lemma("and so to itself, one more term", {"span": z3.And(gy == 0, here == 0)},
                  here + w * gy == 0),
        ),
        "by the dual basis",
        "ConFIG solves <d, g_i> = s n_i as well: pinv(U) 1 has the projection 1 on every unit row"
        " that is independent of the others.",
    ),
    Theorem(
        "config-non-conflict", ("non-conflict", "config-projections"), ("config",),
        "Independent rows: ConFIG has <g_i, d> = n_i (sum of the projections) > 0 for every task.",
        {
            "equal": "<g_i, u> = s n_i with s > 0, as u = pinv(U) 1 over its length",
            "sum": "d = p u, p the sum of all <g_j, u>",
            "before": "the sum of the projections before is not negative",
            "length": "n_i > 0",
        },
        (
            Lemma("one more projection of p", {"equal": z3.And(gx == s * n, s > 0),
                                               "before": a >= 0, "length": n > 0}, a + gx > 0),
            Lemma("the task's gain", {"equal": z3.And(gx == s * n, s > 0), "length": n > 0,
                                      "sum": z3.And(gd == product * gx, product > 0)}, gd > 0),
        ),
        "Liu et al. 2024 (ConFIG)",
        "Independent unit rows reach 1 exactly: U pinv(U) 1 = 1.",
    ),
    Theorem(
        "orthogonal-rows", ("gradops-two-tasks",), (),
        "Rows at right angles: MGDA and GradOPS(-2) have weights as 1/n_i^2; IMTL-G, ConFIG,"
        " Nash-MTL, Aligned-MTL and GradOPS(-1) as 1/n_i. Whatever T.",
        {
            "mgda": "w_i n_i^2 = |d|^2 on the support",
            "imtl": "a_i n_i^2 = s n_i",
            "nash": "a_i (a_i n_i^2) = 1 and a_i > 0",
            "length": "n_i > 0",
        },
        (
            Lemma("MGDA", {"mgda": w * n * n == xx, "length": n > 0}, w == xx / (n * n)),
            Lemma("IMTL-G", {"imtl": a * n * n == s * n, "length": n > 0}, a * n == s),
            Lemma("Nash-MTL", {"nash": z3.And(b * (b * n * n) == 1, b > 0), "length": n > 0},
                  b * n == 1),
        ),
        "by the closed forms",
        "K is diagonal: K^(-1/2) is 1/n_i (Aligned-MTL), ConFIG is on IMTL-G's line, and GradOPS"
        " has g' = g, R_i = n_i, so w_i as n_i^alpha.",
        remarks=(("At right angles, whatever T, GradOPS(-2) is MGDA and GradOPS(-1) is IMTL-G,"
                  " Nash-MTL, ConFIG and Aligned-MTL, in direction."),),
    ),
    Theorem(
        "one-length-projection", ("cagrad-band",), (),
        "Gradients of one length: the least projection is the least gain over that length, so it"
        " does not fall as c grows either.",
        {"length": "n > 0 is the length of all", "gain": "the least gain does not fall"},
        (Lemma("division", {"length": n > 0, "gain": first <= second}, first / n <= second / n),),
        "by cagrad-least-gain",
        "<d, g_i>/n_i has one divisor.",
    ),
    Theorem(
        "alike-lengths", ("gramian",), (),
        "Where K is alike in all tasks MGDA, IMTL-G and DualProj are the mean, every GradOPS(alpha)"
        " has w = 1, CAGrad(c) is (1 + c) times the mean, and ConFIG is the sum; Aligned-MTL is"
        " the mean where they do not point together.",
        {
            "equal": "all weights are one number",
            "sum": "they sum to 1 (MGDA, IMTL-G), or to T (GradOPS)",
            "gains": "the mean has one inner product with every task, and T of them sum to T"
                     " |g0|^2",
            "sphere": "d = g0 + c |g0| g_w/|g_w| with g_w = g0",
            "conflict": "the common cosine is not positive",
        },
        (
            Lemma("each weight", {"equal": s == n * w, "sum": s == m}, w == m / n, (n > 0,)),
            Lemma("the mean conflicts with none", {"gains": n * gd == n * xx}, gd >= 0,
                  (n > 0, xx >= 0)),
            Lemma("the mean's eigenvalue is the least: Aligned-MTL is the mean",
                  {"conflict": k <= 0}, 1 + (n - 1) * k <= 1 - k, (n >= 1,)),
            Lemma("CAGrad", {"sphere": gx * a == gy * a + b * a * gy}, gx == (1 + b) * gy,
                  (a > 0,)),
        ),
        "by alike",
        "The mean lies in the cone, so DualProj leaves it. ConFIG is the sum's projection on a line"
        " on which the sum lies (config-shorter).",
    ),
    Theorem(
        "imtl-one-length", ("non-conflict",), (),
        "Independent gradients of one length: IMTL-G conflicts with no task, whatever T.",
        {
            "equation": "a'Ka = s n (sum of a), from K a = s n 1",
            "sum": "the weights sum to 1",
            "definite": "K > 0",
            "length": "n > 0",
        },
        (Lemma("the common projection is positive",
               {"equation": product == s * n * m, "sum": m == 1, "definite": product > 0,
                "length": n > 0}, s > 0),),
        "Liu et al. 2021 (IMTL), section 3.1; not in the paper",
        "E-IMTL-1, a common ascent, needs lengths that differ.",
        remarks=(("IMTL-G cannot ascend where the gradients have one length: its failure for T >= 3"
                  " is one of lengths alone."),),
    ),
    Theorem(
        "aligned-cone", ("aligned-spectrum",), (),
        "Aligned-MTL: no two gradients with a positive inner product and K > 0: its weights are not"
        " negative. T = 2 without conflict: it conflicts with no task.",
        {
            "conflicts": NO_PAIR,
            "definite": "y'Ky > 0 for y not 0",
            "shift": "t >= 0 is added to the diagonal",
            "root": "K^(-1/2) = (2/pi) times the integral of (K + t^2)^(-1)",
            "square": "s^2 = det K for two tasks",
        },
        (
            Lemma("K + t is of the same kind",
                  {"conflicts": k <= 0, "definite": square > 0, "shift": s >= 0},
                  z3.And(k <= 0, square + s * yy > 0), (yy >= 0,)),
            Identity("the integral, on an eigenvalue", ("root",), integral),
            Identity("T = 2: (K + s)^2 = (tr K + 2 s) K", ("square",), root_of_two),
        ),
        "by all-conflict-cone; Senushkin et al. 2023 (Aligned-MTL)",
        "Each inverse (K + t^2)^(-1) has no negative entry, nor has their integral, nor its product"
        " with p. For T = 2 the root of K has its off-diagonal entry's sign: K w = sqrt(mu)"
        " K^(1/2) p is not negative.",
        remarks=(("Aligned-MTL lies in the cone of the gradients where all of them conflict; for"
                  " two gradients that do not, it conflicts with neither."),),
    ),
)  # fmt: skip

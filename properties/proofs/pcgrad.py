"""PCGrad and GradVac: the step, the norms, two tasks, and the theorems of the paper."""

import sympy
import z3

from properties.proofs.theorem import Identity, Lemma, Theorem, gram, reals

PCG = "Yu et al. 2020 (PCGrad)"
vv, vg, gg, k = reals("vv vg gg k")
after = vv + 2 * k * vg + k * k * gg  # |v + k g|^2
a, b, inner, k1, k2 = reals("a b g k1 k2")  # |g_1|^2, |g_2|^2, <g_1, g_2>
t, smooth, fall, bend, plain, surgery = reals("t L D l M P")
total = a + b + 2 * inner  # |g_1 + g_2|^2
direct = total + k1 * (a + inner) + k2 * (b + inner)  # <g, d>
length = (1 + k1) * (1 + k1) * a + (1 + k2) * (1 + k2) * b + 2 * (1 + k1) * (1 + k2) * inner
STEP = z3.And(
    k1 * a == z3.If(inner < 0, -inner, 0), k2 * b == z3.If(inner < 0, -inner, 0), k1 >= 0, k2 >= 0,
)  # fmt: skip
PAIR = gram(a, inner, b)

n1, n2, phi, wanted = sympy.symbols("n1 n2 phi wanted", positive=True)


def reached(kept: frozenset[str]) -> sympy.Expr:
    """Cosine of g' = v + x g with g after GradVac's step, less the target, squared out.

    x = |v| (w sqrt(1 - phi^2) - phi sqrt(1 - w^2)) / (|g| sqrt(1 - w^2)); then <g', g> and |g'|
    come out as |v| |g| w s / r and |v| s / r with s = sqrt(1 - phi^2), r = sqrt(1 - w^2).
    """
    s, r = sympy.symbols("s r", positive=True)
    x = n1 * (wanted * s - phi * r) / (n2 * r) if "step" in kept else -n1 * phi / n2
    product = n1 * n2 * phi + x * n2**2
    square = n1**2 + 2 * x * n1 * n2 * phi + x**2 * n2**2
    rest = sympy.expand(product**2 - wanted**2 * square * n2**2)
    if "sines" in kept:
        rest = rest.subs(s, sympy.sqrt(1 - phi**2)).subs(r, sympy.sqrt(1 - wanted**2))
    return rest


x, y, r = reals("x y r")  # <g_i, g_j>, <g_i, g_k>, <g_j, g_k> with g_j and g_k of length 1
ahead, behind = -x, -y  # the first steps against g_j and against g_k
late_k = z3.If(y - x * r < 0, x * r - y, 0)  # the second step against g_k, after g_j
late_j = z3.If(x - y * r < 0, y * r - x, 0)
apart = (ahead - late_j, late_k - behind)  # of the two orders' results, on g_j and g_k
# the order j, k less the order k, j where g_k is tested first and last
gone = z3.If(z3.If(x < 0, y - x * r, y) < 0, x * r - y, 0) - z3.If(y < 0, -y, 0)
SQUARE = apart[0] * apart[0] + 2 * apart[0] * apart[1] * r + apart[1] * apart[1]


PROVED = (
    Theorem(
        "pcgrad-step", ("pcgrad-replay",), ("pcgrad",),
        "One step of PCGrad against a conflicting g makes v orthogonal to g, does not lengthen it,"
        " and adds a positive multiple of g.",
        {
            "conflict": "<v, g> < 0",
            "step": "k |g|^2 = -<v, g>",
        },
        (
            Lemma("orthogonal", {"step": k * gg == -vg}, vg + k * gg == 0),
            Lemma("shorter", {"step": k * gg == -vg}, after <= vv, gram(vv, vg, gg)),
            Lemma("positive", {"step": k * gg == -vg, "conflict": vg < 0}, k > 0,
                  gram(vv, vg, gg)),
        ),
        PCG + ", Algorithm 1",
        "By induction over the steps, coefficients stay >= 0 and lengths do not grow.",
    ),
    Theorem(
        "pcgrad-two-tasks-non-conflict", ("non-conflict", "strong-non-conflict"),
        ("pcgrad", "gradvac", "pcgrad_dw"),
        "T = 2: <g'_i, g_j> = max(0, <g_1, g_2>) for j not i; no task is in conflict, strongly."
        " GradVac with targets of 0 takes the same step.",
        {"step": "k_i |g_j|^2 = -<g_1, g_2> in conflict, else 0"},
        (
            Lemma("strong", {"step": STEP}, z3.And(inner + k2 * b >= 0, a + k2 * inner >= 0,
                                                   inner + k1 * a >= 0, b + k1 * inner >= 0),
                  (*PAIR, a > 0, b > 0)),
            Lemma("the sum", {"step": STEP},
                  z3.And((1 + k1) * a + (1 + k2) * inner >= 0,
                         (1 + k2) * b + (1 + k1) * inner >= 0),
                  (*PAIR, a > 0, b > 0)),
        ),
        PCG + ", section 2.3",
        "Gram entries of the two gradients; a zero gradient conflicts with none.",
        tasks="T = 2",
    ),
    Theorem(
        "pcgrad-theorem-1", ("pcgrad-two-tasks",), ("pcgrad",),
        "T = 2, t <= 1/L: the sum of the losses falls by at least (t/2) (2 <g, d> - |d|^2) >= 0.",
        {
            "smooth": "L(x - t d) <= L - t <g, d> + (L/2) t^2 |d|^2",
            "step": "d = (1 + k_1) g_1 + (1 + k_2) g_2",
            "size": "0 <= t and t L <= 1",
        },
        (
            Lemma("it is a fall", {"step": STEP}, 2 * direct >= length, (*PAIR, a > 0, b > 0)),
            Lemma("fall", {"smooth": fall >= t * plain - smooth / 2 * t * t * surgery,
                           "size": z3.And(t >= 0, t * smooth <= 1)},
                  fall >= t / 2 * (2 * plain - surgery), (surgery >= 0,)),
        ),
        PCG + ", Theorem 1", "2 <g, d> >= |d|^2 for two tasks, and the descent lemma.",
        tasks="T = 2",
    ),
    Theorem(
        "pcgrad-theorem-2", ("pcgrad-two-tasks",), ("pcgrad",),
        "T = 2 in conflict: where the curvature along g is at least l > xi L and t >= 2/(l - xi L),"
        " the step of PCGrad ends no higher than the plain one. The printed bound on the cosine is"
        " not needed.",
        {
            "smooth": "L(x - t d) <= L - t <g, d> + (L/2) t^2 |d|^2",
            "curvature": "L(x - t g) >= L - t |g|^2 + (l/2) t^2 |g|^2",
            "step": "t (l - xi L) >= 2, with xi |g|^2 = |d|^2",
            "inner": "<g, d> >= 0",
            "forwards": "t >= 0",
        },
        (
            Lemma(
                "no higher",
                {
                    "smooth": surgery <= -t * vg + smooth / 2 * t * t * vv,
                    "curvature": plain >= -t * gg + bend / 2 * t * t * gg,
                    "step": t * (bend * gg - smooth * vv) >= 2 * gg,
                    "inner": vg >= 0,
                    "forwards": t >= 0,
                },
                surgery <= plain,
                (gg >= 0, vv >= 0),
            ),
        ),
        PCG + ", Theorem 2",
        "The difference is at most t (|g|^2 - <g, d>) - (t^2/2)(l - xi L) |g|^2.",
        tasks="T = 2",
        remarks=(("PCGrad's Theorem 2 holds without its hypothesis cos <= -Phi; its steps t >="
                  " 2/(l - xi L) are all longer than the 1/L that Theorem 1 allows."),),
    ),
    Theorem(
        "pcgrad-orders-agree", ("pcgrad-orders",), (),
        "T = 3: both orders give the same g'_i if and only if g_i conflicts with none; with one, j,"
        " and K_ik K_jj >= K_ij K_jk for the other; or with both, and they are at right angles or"
        " parallel.",
        {
            "both": "g_i conflicts with g_j and g_k",
            "oblique": "g_j and g_k are neither at right angles nor parallel",
            "special": "g_j and g_k are at right angles, or one is the other: then so are the inner"
            " products with g_i",
            "one": "g_i conflicts with g_j alone",
        },
        (
            Lemma("both, oblique: the results differ",
                  {"both": z3.And(x < 0, y < 0), "oblique": z3.And(r * r < 1, r != 0)},
                  SQUARE > 0),
            Lemma("both, at right angles or parallel: they agree",
                  {"both": z3.And(x < 0, y < 0),
                   "special": z3.Or(r == 0, z3.And(r * r == 1, y == r * x))}, SQUARE == 0),
            Lemma("one: they agree where the projection makes no other conflict",
                  {"one": z3.And(x < 0, y >= 0)},
                  (gone == 0) == (y >= x * r)),
        ),
        "by cases, not in the paper",
        "The lengths of g_j and g_k have no part in a projection, so both are 1 here. The results"
        " differ by u g_j + v g_k, whose square is asked. With one conflict the order k, j projects"
        " on g_j alone, and the order j, k on g_k as well where that has become a conflict.",
        tasks="T = 3",
        remarks=(("For three tasks it is known exactly when PCGrad's random order has no part: a"
                  " condition on signs and one product of Gramian entries for each task."),),
    ),
    Theorem(
        "gradvac-target", ("gradvac-target",), ("gradvac",),
        "After an update the cosine is the target (up to its sign, which the lengths decide).",
        {
            "step": "the coefficient of the paper's equation",
            "sines": "s = sqrt(1 - phi^2) and r = sqrt(1 - target^2)",
        },
        (Identity("the squared cosine", ("step", "sines"), reached),),
        "Wang et al. 2021 (GradVac)",
        "<g', g>^2 = target^2 |g'|^2 |g|^2.",
    ),
)  # fmt: skip

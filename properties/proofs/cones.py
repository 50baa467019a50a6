"""Projections on the cone where no task loses: UPGrad, DualProj, GEM."""

from properties.proofs.theorem import Lemma, Theorem, gram, reals

rr, ry, yy, slack, feasible, gx, gy, w, s, x, lam, low = reals("rr ry yy e f gx gy w s x l low")
# r = x - v (what the projection adds), y - x = z: rr, ry = <r, z>, yy = |z|^2

PROVED = (
    Theorem(
        "cone-projection", ("cone-projection", "gem-kkt"), ("upgrad", "dual_proj", "gem"),
        "x with x - v = G'l, l >= 0, Gx >= 0 and l_i <g_i, x> = 0 is the point of {Gx >= 0} next to"
        " v.",
        {
            "multipliers": "l_i >= 0",
            "feasible": "<g_i, y> >= 0 for the other point y of the cone",
            "complementary": "l_i <g_i, x> = 0",
            "before": "the terms before sum to no less than zero",
            "angle": "<x - v, y - x> >= 0",
        },
        (
            Lemma(
                "one more term of <x - v, y - x> = sum l_i (<g_i, y> - <g_i, x>)",
                {"multipliers": lam >= 0, "feasible": gy >= 0, "complementary": lam * gx == 0,
                 "before": s >= 0},
                s + lam * (gy - gx) >= 0,
            ),
            Lemma("farther", {"angle": ry >= 0}, rr + 2 * ry + yy >= rr, (rr >= 0, yy >= 0)),
        ),
        "Lopez-Paz and Ranzato 2017 (GEM); Quinton and Rey 2024 (UPGrad)",
        "By induction over the tasks; then |y - v|^2 = |x - v|^2 + 2 <x - v, y - x> + |y - x|^2.",
    ),
    Theorem(
        "cone-non-conflict", ("non-conflict",), ("upgrad", "dual_proj", "gem"),
        "UPGrad and DualProj conflict with no task, and GEM with no memory.",
        {
            "feasible": "each projection x has <g_i, x> >= 0",
            "weights": "the weights of the mean are not negative",
            "before": "the terms before sum to no less than zero",
        },
        (
            Lemma(
                "one more projection",
                {"feasible": gx >= 0, "weights": w >= 0, "before": s >= 0},
                s + w * gx >= 0,
            ),
        ),
        "Quinton and Rey 2024 (UPGrad)",
        "A mean of points of a convex cone lies in it.",
    ),
    Theorem(
        "agem-non-conflict", ("non-conflict",), ("a_gem",),
        "A-GEM's result conflicts neither with the reference nor with the gradient itself.",
        {"step": "k |r|^2 = -<g, r>"},
        (
            Lemma(
                "the gradient itself",
                {"step": feasible * rr == -gx},
                yy + feasible * gx >= 0,
                gram(yy, gx, rr),
            ),
            Lemma("the reference", {"step": feasible * rr == -gx}, gx + feasible * rr >= 0),
        ),
        "Chaudhry et al. 2019 (A-GEM)",
        "<g + k r, r> = 0 and <g + k r, g> = |g|^2 - <g, r>^2/|r|^2.",
    ),
    Theorem(
        "ogd-orthogonal", ("ogd-parts",), ("ogd",),
        "OGD's result is orthogonal to every vector of an orthonormal basis.",
        {"unit": "<q, q> = 1", "others": "<q', q> = 0 for the other q' of the basis"},
        (
            Lemma(
                "one vector",
                {"unit": rr == 1, "others": slack == 0},
                gx - gx * rr - gy * slack == 0,
            ),
        ),
        "Farajtabar et al. 2020 (OGD)",
        "<g - sum <g, q'> q', q> keeps of the sum only the term of q itself.",
    ),
    Theorem(
        "agem-is-a-pcgrad-row", ("agem-is-pcgrad-row",), ("a_gem", "pcgrad"),
        "A-GEM's step against one reference gradient is PCGrad's step against it.",
        {
            "agem": "the result g + k r is orthogonal to r",
            "step": "l |r|^2 = -<g, r>",
            "not zero": "r is not zero, as it conflicts",
        },
        (
            Lemma(
                "the same coefficient",
                {"agem": gx + slack * rr == 0, "step": feasible * rr == -gx, "not zero": rr > 0},
                slack == feasible,
            ),
        ),
        "Chaudhry et al. 2019 (A-GEM)",
        "One coefficient makes the result orthogonal.",
    ),
)  # fmt: skip

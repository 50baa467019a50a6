"""Pareto-MTL: descent for all tasks, and for the preferences that keep the losses in a region.

[LZZLK19] X. Lin, H.-L. Zhen, Z. Li, Q. Zhang, S. Kwong, Pareto Multi-Task Learning, 2019. Vectors
of preference u_1 .. u_P >= 0 part the losses L >= 0 into regions: region k is where <u_j, L> <=
<u_k, L> for all j, so that the constraints G_j = <u_j - u_k, L> must not be positive. The first
phase looks for the region: the shortest vector of the hull of grad G_j over the constraints that
are broken. The second descends: the shortest vector of the hull of these and of all grad L_i.

The answer lies in Q. The direction is unique, and is that of the weights
a_i = l_i + sum_j b_j (u_ji - u_ki), which may be negative and need not be unique.

*Departures*
1. Preference vectors are taken as they are: [LZZLK19] take unit vectors, which floats seldom are.
2. A constraint is active if it is broken, G_j > 0, as in the released code; [LZZLK19] write
   G_j >= -epsilon. The code divides L by its length, which changes no sign.

*Degenerate cases.* First phase and no constraint broken: the losses lie in the region, and there is
nothing to do: 0. One preference vector: MGDA. Nothing is undefined.
"""

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from mtl_reference import rational
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen, sized
from mtl_reference.rational import RationalVector, Rows, Scalar, inner, matrix, numbers
from mtl_reference.simplex import minimum_norm

PHASES = ("second", "first")

METHOD = Method(
    id="pareto_mtl",
    paper="[LZZLK19] Lin et al.: Pareto Multi-Task Learning (2019)",
    number_field="Q",
    parameters=(
        Parameter("region", 0.0, "zero-based number of the preference vector", minimum=0.0),
        Parameter("phase", "second", "descend, or look for the region", choices=PHASES),
    ),
    inputs=("jacobian", "losses", "preferences"),
    outputs=("direction", "weights"),
)


def direction(
    jacobian: Rows,
    *,
    losses: Sequence[Scalar],
    preferences: Sequence[Sequence[Scalar]],
    region: float = 0.0,
    phase: str = "second",
) -> Answer:
    """Direction for rows (T, d), losses (T,) and preferences (P, T), with weights (T,).

    Raises ValueError for what is not finite, for other sizes, and for a region that is none.

    >>> axes = [(1, 0), (0, 1)]
    >>> print(*direction(axes, losses=(1, 2), preferences=axes, region=0).exact)
    1/5 2/5
    """
    chosen("phase", phase, PHASES)
    gradients = rational.jacobian(jacobian)
    vectors = matrix("preferences", preferences)
    values = sized("losses", numbers("losses", losses), gradients.tasks)
    for place, vector in enumerate(vectors):
        sized(f"preferences[{place}]", vector, gradients.tasks)
    combinations = hull(values, vectors, checked_region(region, len(vectors)), phase)
    tasks = gradients.tasks
    if not combinations:
        weights = (fmpq(0),) * tasks
        return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})
    shares = fmpq_mat([[*row] for row in combinations])
    found = minimum_norm(shares * gradients.gramian() * shares.transpose())
    weights = tuple((fmpq_mat(1, len(found), [*found]) * shares).entries())
    return Answer(Kind.EXACT, {"direction": gradients.combine(weights), "weights": weights})


def checked_region(region: float, count: int) -> int:
    """The number of a preference vector; ValueError if there is none of that number."""
    if region != int(region) or not 0 <= region < count:
        message = f"region must be a whole number from 0 to {count - 1} (got {region})"
        raise ValueError(message)
    return int(region)


def hull(
    losses: RationalVector, preferences: Sequence[RationalVector], region: int, phase: str
) -> list[RationalVector]:
    """The combinations of the rows, T numbers each, whose hull is looked at."""
    tasks, own = len(losses), preferences[region]
    combinations: list[RationalVector] = []
    if phase == "second":
        combinations = [tuple(fmpq(int(i == k)) for k in range(tasks)) for i in range(tasks)]
    for vector in preferences:
        beyond = tuple(u - v for u, v in zip(vector, own, strict=True))
        if inner(beyond, losses) > 0:
            combinations.append(beyond)
    return combinations

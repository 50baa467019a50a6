"""Recon, exactly: conflict scores of layers, their ranking, and what turning layers costs.

[RECON] G. Shi, Q. Li, W. Zhang, J. Chen, X.-M. Wu, Recon: Reducing Conflicting Gradients from the
Root for Multi-Task Learning, 2023. A layer is a module that owns parameters; its gradient is that
of its own parameters. Where a cosine is compared with a number, squares are compared: exact.

*Departures*
1. The first interval of the histograms is [1, 0], printed as [1, 0): a cosine of exactly 0, as
   that with a zero gradient, lies in no interval as printed.
"""

from collections.abc import Sequence
from itertools import combinations, pairwise

from flint import fmpq, fmpq_mat

from mtl_reference.rational import Jacobian, Rows, Scalar, jacobian, rational

Counts = tuple[int, ...]
BYTES = 4  # of a parameter in float32
MEGABYTE = 1024 * 1024


def severity_of(severity: Scalar) -> fmpq:
    """The severity S as a rational; ValueError unless -1 < S <= 0 (Definition 3)."""
    exact = rational(severity)
    if not -1 < exact <= 0:
        message = f"severity must be above -1 and at most 0 (got {severity})"
        raise ValueError(message)
    return exact


def below(product: fmpq, squares: fmpq, bound: fmpq) -> bool:
    """Whether product / sqrt(squares) < bound, for a bound that is not positive.

    ``squares`` is the product of the squared lengths. With a zero gradient the cosine is set 0,
    as the published code does, so it is below no bound <= 0.
    """
    return bool(product < 0 and product * product > bound * bound * squares)


def score(gradients: Rows, severity: fmpq) -> int:
    """Number of unordered pairs of rows whose cosine is below the severity (Definition 3).

    >>> score([(1, 0), (-1, 0), (0, 1)], fmpq(0))
    1
    """
    exact = gradients if isinstance(gradients, Jacobian) else jacobian(gradients)
    gramian: fmpq_mat = exact.gramian()
    pairs = combinations(range(exact.tasks), 2)
    return sum(below(gramian[i, j], gramian[i, i] * gramian[j, j], severity) for i, j in pairs)


def scores(layers: Sequence[Rows], severity: Scalar = 0) -> Counts:
    """Score of each layer from its task gradients (T, d_k), with one number of tasks.

    ValueError where the layers have different numbers of tasks, or the severity is out of range.
    """
    bound = severity_of(severity)
    exact = [jacobian(layer) for layer in layers]
    numbers = {layer.tasks for layer in exact}
    if len(numbers) != 1:
        message = f"layers must have one number of tasks (got {sorted(numbers)})"
        raise ValueError(message)
    return tuple(score(layer, bound) for layer in exact)


def ranking(counts: Sequence[int]) -> Counts:
    """Layers by falling score; ties stay in the order of the network (a stable sort).

    >>> ranking([2, 5, 2, 0])
    (1, 0, 2, 3)
    """
    return tuple(sorted(range(len(counts)), key=lambda layer: -counts[layer]))


def selection(counts: Sequence[int], k: int) -> Counts:
    """The K layers with the largest scores, in rank order (Algorithm 1).

    ValueError unless 0 <= K <= number of layers.
    """
    if not 0 <= k <= len(counts):
        message = f"k must be between 0 and the number of layers, {len(counts)} (got {k})"
        raise ValueError(message)
    return ranking(counts)[:k]


def distance(first: Sequence[int], second: Sequence[int]) -> fmpq:
    """Distance of two rankings (eq. 22): the mean of |p(l) - q(l)| over the layers l.

    A ranking lists the layers, best first; p(l) is the place of layer l. ValueError where one is
    no permutation of the layers of the other.
    """
    for name, order in (("first", first), ("second", second)):
        if sorted(order) != list(range(len(first))):
            message = f"{name} must list each of the layers 0 to {len(first) - 1} once"
            raise ValueError(message)
    if not first:
        message = "a ranking must list at least one layer"
        raise ValueError(message)
    places = {layer: place for place, layer in enumerate(second)}
    moved = sum(abs(place - places[layer]) for place, layer in enumerate(first))
    return fmpq(moved, len(first))


def histogram(cosines: Sequence[Scalar], edges: Sequence[Scalar]) -> tuple[fmpq, ...]:
    """Fraction of the cosines in each interval [1, e0], (e0, e1], ..., (e_last, -1].

    Each interval holds its lower, more severe end, the first also 0 (Departure 1; e0 is 0 in the
    paper). ValueError for no cosines, cosines outside [-1, 1], and edges that do not fall.
    """
    exact, falling = [rational(cosine) for cosine in cosines], [rational(edge) for edge in edges]
    if not exact:
        message = "cosines must not be empty"
        raise ValueError(message)
    for place, cosine in enumerate(exact):
        if not -1 <= cosine <= 1:
            message = f"cosines[{place}] must lie in [-1, 1] (got {cosine})"
            raise ValueError(message)
    ends = [fmpq(1), *falling, fmpq(-1)]
    if any(after >= before for before, after in pairwise(ends)):
        message = f"edges must fall from below 1 to above -1 (got {list(edges)})"
        raise ValueError(message)
    counts = [0] * (len(falling) + 1)
    for cosine in exact:
        counts[sum(cosine < edge for edge in falling)] += 1
    return tuple(fmpq(count, len(exact)) for count in counts)


def reduction(before: Sequence[fmpq], after: Sequence[fmpq], first: int) -> fmpq:
    """100 (J - M) / J in per cent, J and M the mass of the intervals from number ``first`` on.

    ZeroDivisionError where nothing lay there before.
    """
    joint, mass = sum(before[first:], fmpq(0)), sum(after[first:], fmpq(0))
    return 100 * (joint - mass) / joint


# What is selected instead, and what it costs ---------------------------------------------------


def random_layers(permutation: Sequence[int], k: int) -> Counts:
    """RSL: the first K layers of a random permutation, which is given."""
    return tuple(permutation[:k])


def random_parameters(permutation: Sequence[int], parameters: Sequence[int], budget: int) -> Counts:
    """RSP: the shortest prefix of a permutation with more parameters than ``budget``.

    The layer that crosses the budget is included.
    """
    chosen: list[int] = []
    for layer in permutation:
        if sum(parameters[each] for each in chosen) > budget:
            break
        chosen.append(layer)
    return tuple(chosen)


def first_layers(layers: int, k: int) -> Counts:
    """FSK: the first K layers of the network."""
    return tuple(range(layers))[:k]


def last_layers(layers: int, k: int) -> Counts:
    """LSK: the last K layers of the network."""
    return tuple(range(layers))[layers - k :]


def megabytes(parameters: int) -> fmpq:
    """Size of a network in MB: four bytes a parameter, over 1024^2."""
    return fmpq(parameters * BYTES, MEGABYTE)


def turned(parameters: int, chosen: Sequence[int], tasks: int) -> int:
    """Parameters of a network after layers of these sizes got a copy for each task but one."""
    return parameters + (tasks - 1) * sum(chosen)


# Theorem 4.1 -----------------------------------------------------------------------------------


def closer_than_self(gradients: Rows) -> bool:
    """The hypothesis (6) for one layer: cos(phi_ij) |g_i| < |g_j| for all ordered pairs.

    With lengths multiplied out it is <g_i, g_j> < |g_j|^2: no root is needed, and it forces
    every gradient to be non-zero.
    """
    gramian = jacobian(gradients).gramian()
    tasks = range(gramian.nrows())
    return all(gramian[i, j] < gramian[j, j] for i in tasks for j in tasks if i != j)


def first_order_difference(layers: Sequence[Rows], weights: Sequence[Scalar]) -> fmpq:
    """Derivative by the step a of L(converted) - L(plain), at a = 0 (Theorem 4.1's proof).

    -sum_i (|g_i^(k)|^2 - sum_j w_j <g_i^(k), g_j^(k)>), summed over the turned layers k; where the
    weights sum to 1 it is the paper's -sum_i sum_j w_j (|g_i|^2 - <g_i, g_j>).
    """
    exact = [rational(weight) for weight in weights]
    total = fmpq(0)
    for layer in layers:
        gramian = jacobian(layer).gramian()
        tasks = range(gramian.nrows())
        total -= sum((gramian[i, i] for i in tasks), fmpq(0))
        total += sum((exact[j] * gramian[i, j] for i in tasks for j in tasks), fmpq(0))
    return total

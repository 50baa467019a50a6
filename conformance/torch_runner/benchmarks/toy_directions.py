"""What the methods make of two gradients, in closed form, for many pairs of gradients at once.

Each function takes the Gramians' entries a = |g_1|^2, b = <g_1, g_2>, c = |g_2|^2, arrays of one
shape, and the method's parameter, and gives the weights of g_1 and g_2. A test holds them to the
torch aggregators. Where a method has no answer the weights are nan.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pair = tuple[Array, Array]
Weigh = Callable[[Array, Array, Array, Array], Pair]


def mean(a: Array, b: Array, c: Array, _parameter: Array) -> Pair:
    """The mean of both: gradient descent on the mean loss."""
    del b, c
    half = np.full_like(a, 0.5)
    return half, half


def mgda(a: Array, b: Array, c: Array, _parameter: Array) -> Pair:
    """The shortest vector between both."""
    apart = a - 2 * b + c
    share = np.clip((c - b) / np.where(apart > 0, apart, 1), 0, 1)
    return share, 1 - share


def pcgrad(a: Array, b: Array, c: Array, _parameter: Array) -> Pair:
    """The sum, each gradient projected off the other where they conflict."""
    conflict = np.maximum(0, -b)
    return 1 + conflict / np.where(a > 0, a, 1), 1 + conflict / np.where(c > 0, c, 1)


def gradops(a: Array, b: Array, c: Array, alpha: Array) -> Pair:
    """The projected gradients, weighed by the power alpha of the sum's projections on each."""
    first, second = _powers(a, b, c, alpha)
    conflict = np.maximum(0, -b)
    return (
        first + second * conflict / np.where(a > 0, a, 1),
        second + first * conflict / np.where(c > 0, c, 1),
    )


def _powers(a: Array, b: Array, c: Array, alpha: Array) -> Pair:
    """The weights of the projected gradients: they sum to 2; a zero gradient has weight 1.

    In conflict R_i is |g_i| sin^2, so that the ratio of lengths is enough; else it is
    (|g_i|^2 + b)/|g_i|.
    """
    lengths = np.sqrt(a), np.sqrt(c)
    some = (a > 0) & (c > 0)
    one, two = (np.where(some, length, 1) for length in lengths)
    reach = [np.where(b < 0, own, own + b / own) for own in (one, two)]
    top = np.where(alpha >= 0, np.maximum(*reach), np.minimum(*reach))
    first, second = ((each / top) ** alpha for each in reach)
    scale = 2 / (first + second)
    return np.where(some, first * scale, 1), np.where(some, second * scale, 1)


def cagrad(a: Array, b: Array, c: Array, radius: Array) -> Pair:
    """The best least gain within ``radius`` times the mean's length of the mean.

    The dual weights lie at an end, where the slope of the dual function says so, or between; there
    v = s K^-1 1 - 1/2 with s from the ball, all over the determinant, which may vanish. Where one
    gradient is zero every step along the other is best; the longest is taken.
    """
    square = np.maximum((a + 2 * b + c) / 4, 0)
    reach, apart = radius * np.sqrt(square), a - 2 * b + c
    determinant = np.maximum(a * c - b * b, 0)
    gap = (a - c) / 2  # <g_1 - g_2, g_0>
    ends = [reach / np.sqrt(np.where(end > 0, end, 1)) for end in (a, c)]
    at_first = (gap + ends[0] * (a - b) <= 0) & (a > 0) | (c == 0)
    at_second = (gap + ends[1] * (b - c) >= 0) & (c > 0) | (a == 0)
    narrow = np.where(determinant > 0, determinant, 1)
    root = np.sqrt(np.maximum(1 + apart * (reach * reach - square) / narrow, 0))
    share = (c - b) / np.where(apart > 0, apart, 1)
    first, second = (part * (1 + root) - 0.5 for part in (share, 1 - share))
    nothing = np.zeros_like(a)
    chosen = [at_first, at_second]
    inner = np.where(apart > 0, first, reach / 2), np.where(apart > 0, second, reach / 2)
    return (
        0.5 + np.select(chosen, [ends[0], nothing], inner[0]),
        0.5 + np.select(chosen, [nothing, ends[1]], inner[1]),
    )


def imtl_g(a: Array, b: Array, c: Array, _parameter: Array) -> Pair:
    """The bisector, its weights summing to 1; nan where a gradient is zero."""
    del b
    one, two = np.sqrt(np.where(a > 0, a, np.nan)), np.sqrt(np.where(c > 0, c, np.nan))
    return two / (one + two), one / (one + two)


def nash_mtl(a: Array, b: Array, c: Array, _parameter: Array) -> Pair:
    """The bargaining solution, of length sqrt(2); nan where a gradient is zero or both oppose."""
    one, two = np.sqrt(np.where(a > 0, a, np.nan)), np.sqrt(np.where(c > 0, c, np.nan))
    rise = 1 + b / (one * two)
    bend = np.sqrt(np.where(rise > 0, rise, np.nan))
    return 1 / (one * bend), 1 / (two * bend)


KINDS: Final[Mapping[str, tuple[Weigh, str]]] = MappingProxyType({  # and the parameter's name
    "GD": (mean, ""), "MGDA": (mgda, ""), "PCGrad": (pcgrad, ""), "IMTL-G": (imtl_g, ""),
    "Nash-MTL": (nash_mtl, ""), "CAGrad": (cagrad, "c"), "GradOPS": (gradops, "alpha"),
})  # fmt: skip
NAMES: Final = (
    "GD", "MGDA", "PCGrad", "CAGrad 0", "CAGrad 0.2", "CAGrad 0.5", "CAGrad 0.8", "CAGrad 10",
    "IMTL-G", "Nash-MTL", "GradOPS 2", "GradOPS 0", "GradOPS -1", "GradOPS -2", "GradOPS -5",
)  # fmt: skip


def kind(name: str) -> str:
    """A name without its parameter."""
    return name.partition(" ")[0]


def weighed(names: Sequence[str], a: Array, b: Array, c: Array) -> Iterator[tuple[Array, Array]]:
    """Weights (methods, N) of both gradients, kind after kind; the arrays have the same shape."""
    place = 0
    for each, group in groupby(names, key=kind):
        numbers = [float(name.partition(" ")[2] or 0) for name in group]
        some = slice(place, place + len(numbers))
        parameter = np.array(numbers)[:, None]
        yield KINDS[each][0](a[some], b[some], c[some], parameter)
        place += len(numbers)

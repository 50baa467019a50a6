"""Metrics of dense prediction: segmentation, depth and surface normals, pooled over all pixels.

*Departures*
1. Angles are pooled over all pixels. The published code averages each batch and then the batches
   (`batch_averaged`), which is another number, above all for the median.
2. A class that occurs neither in the labels nor in the predictions has no intersection over union
   (0/0). It is left out of the mean and told apart; published code takes the mean over all classes
   and gets nan.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flint import arb, fmpq

from mtl_reference.enclosure import Number, Real, decide, enclose
from mtl_reference.metrics.classification import IGNORED
from mtl_reference.metrics.counting import mean, paired, share
from mtl_reference.rational import Scalar, inner, matrix, numbers, rational

DEGREES: Final = 180


def confusion(
    predictions: Sequence[int], labels: Sequence[int], classes: int
) -> tuple[tuple[int, ...], ...]:
    """One confusion matrix over all pixels: rows are labels, columns predictions.

    Labels of -1 do not count. ValueError for a class out of range.
    """
    table = [[0] * classes for _ in range(classes)]
    for found, label in paired("predictions", predictions, "labels", labels):
        if label == IGNORED:
            continue
        for name, value in (("labels", label), ("predictions", found)):
            if not 0 <= value < classes:
                message = f"{name} must be classes from 0 to {classes - 1} (got {value})"
                raise ValueError(message)
        table[label][found] += 1
    return tuple(map(tuple, table))


def intersection_over_union(table: Sequence[Sequence[int]]) -> tuple[fmpq | None, ...]:
    """Diagonal over row plus column less diagonal, for each class; None for an absent class."""
    found: list[fmpq | None] = []
    for place, row in enumerate(table):
        union = sum(row) + sum(other[place] for other in table) - row[place]
        found.append(fmpq(row[place], union) if union else None)
    return tuple(found)


def mean_intersection_over_union(table: Sequence[Sequence[int]]) -> fmpq:
    """Mean IoU over the classes that occur (Departure 2); ValueError where none does."""
    present = [each for each in intersection_over_union(table) if each is not None]
    if not present:
        message = "the mean intersection over union needs at least one class that occurs"
        raise ValueError(message)
    return sum(present, fmpq(0)) / len(present)


def pixel_accuracy(table: Sequence[Sequence[int]]) -> fmpq:
    """The trace of the confusion matrix over its sum."""
    hits = sum(row[place] for place, row in enumerate(table))
    return share(hits, sum(map(sum, table)), "pixel accuracy")


def depth_errors(predictions: Sequence[Scalar], depths: Sequence[Scalar]) -> tuple[fmpq, fmpq]:
    """Absolute and relative depth error: means of |e| and |e| / |depth| over depths that are not 0.

    Neither is multiplied by 100, as in the published code, where a relative error of 27.77 is
    what it says.
    """
    found, exact = numbers("predictions", predictions), numbers("depths", depths)
    pairs = [(p, d) for p, d in paired("predictions", found, "depths", exact) if d != 0]
    if not pairs:
        message = "the depth errors need at least one depth that is not 0"
        raise ValueError(message)
    absolute = sum((abs(p - d) for p, d in pairs), fmpq(0)) / len(pairs)
    relative = sum((abs(p - d) / abs(d) for p, d in pairs), fmpq(0)) / len(pairs)
    return absolute, relative


@dataclass(frozen=True, slots=True)
class Angles:
    """Angles between predicted and true normals, told by their clamped inner products, sorted.

    Larger products are smaller angles. All is pooled over pixels with a true normal.
    """

    products: tuple[fmpq, ...]

    @property
    def mean(self) -> Number:
        """Mean angle in degrees."""
        return _mean_angle(self.products)

    @property
    def median(self) -> Number:
        """Median angle in degrees; of an even number the mean of the middle two."""
        half, odd = divmod(len(self.products), 2)
        middle = self.products[half : half + 1] if odd else self.products[half - 1 : half + 1]
        return _mean_angle(middle)

    def within(self, degrees: Scalar) -> fmpq:
        """Fraction of angles strictly below a bound in degrees, from 0 to 180."""
        bound = rational(degrees)
        hits = sum(_narrower(product, bound) for product in self.products)
        return share(hits, len(self.products), "the share of angles")


def angles(predictions: Sequence[Sequence[Scalar]], normals: Sequence[Sequence[Scalar]]) -> Angles:
    """Angles of unit normals (n, 3); a true normal whose entries sum to 0 is not defined there.

    That mask is the papers' (it also drops a normal whose components cancel).
    """
    found, exact = matrix("predictions", predictions), matrix("normals", normals)
    pairs = paired("predictions", found, "normals", exact)
    one = fmpq(1)
    products = [max(-one, min(one, inner(p, n))) for p, n in pairs if sum(n, fmpq(0)) != 0]
    if not products:
        message = "the angles need at least one pixel with a normal"
        raise ValueError(message)
    return Angles(tuple(sorted(products)))


def batch_averaged(figures: Sequence[fmpq]) -> fmpq:
    """The legacy form: the plain mean of the batches' figures, whatever their sizes.

    ValueError for no figures.
    """
    if not figures:
        message = "a mean needs at least one figure"
        raise ValueError(message)
    return mean(figures)


def _mean_angle(products: Sequence[fmpq]) -> Number:
    def evaluate(bits: int) -> arb:
        total = sum((enclose(product, bits).acos() for product in products), arb(0))
        return total * DEGREES / arb.pi() / len(products)

    known = {fmpq(1): 0, fmpq(0): 90, fmpq(-1): DEGREES, fmpq(1, 2): 60, fmpq(-1, 2): 120}
    if all(product in known for product in products):
        return fmpq(sum(known[product] for product in products), len(products))
    return Real(evaluate)


def _narrower(product: fmpq, degrees: fmpq) -> bool:
    """Whether acos(product) < degrees: whether product > cos(degrees), decided exactly.

    The cosine of a rational number of degrees is rational at multiples of 60 and 90 alone
    (Niven), so equality is told by the table and everything else by balls.
    """
    known = {0: fmpq(1), 60: fmpq(1, 2), 90: fmpq(0), 120: fmpq(-1, 2), DEGREES: fmpq(-1)}
    for bound, rational_cosine in known.items():
        if degrees == bound:
            return bool(product > rational_cosine)
    cosine = Real(lambda bits: (enclose(degrees, bits) * arb.pi() / DEGREES).cos())
    return decide(product - cosine) == 1

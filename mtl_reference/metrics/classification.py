"""Accuracy and the area under the curve, as fractions."""

from collections.abc import Sequence
from typing import Final

from flint import fmpq

from mtl_reference.metrics.counting import paired, share
from mtl_reference.rational import Scalar, numbers

IGNORED: Final = -1  # label of an entry that counts for nothing


def accuracy(predictions: Sequence[int], labels: Sequence[int]) -> fmpq:
    """Fraction of predictions that are the label; labels of -1 do not count.

    >>> accuracy([1, 2, 0], [1, 1, -1])
    1/2
    """
    pairs = paired("predictions", predictions, "labels", labels)
    counted = [(found, label) for found, label in pairs if label != IGNORED]
    return share(sum(found == label for found, label in counted), len(counted), "accuracy")


def area_under_curve(scores: Sequence[Scalar], labels: Sequence[int]) -> fmpq:
    """AUC: the chance that a positive outscores a negative, ties counting one half.

    ``labels`` are 0 and 1; ValueError where one class is missing.

    >>> area_under_curve([3, 1, 1, 0], [1, 1, 0, 0])
    7/8
    """
    exact = numbers("scores", scores)
    pairs = paired("scores", exact, "labels", labels)
    if unknown := sorted(set(labels) - {0, 1}):
        message = f"labels must be 0 or 1 (got {unknown[0]})"
        raise ValueError(message)
    positive = sorted(score for score, label in pairs if label == 1)
    negative = sorted(score for score, label in pairs if label == 0)
    won = _below(positive, negative, strict=True) + _below(positive, negative, strict=False)
    return share(won, 2 * len(positive) * len(negative), "the area under the curve")


def _below(positive: Sequence[fmpq], negative: Sequence[fmpq], *, strict: bool) -> int:
    """Pairs whose negative is below the positive, by one walk over both sorted lists."""
    count = place = 0
    for score in positive:
        while place < len(negative) and (
            negative[place] < score or (not strict and negative[place] == score)
        ):
            place += 1
        count += place
    return count

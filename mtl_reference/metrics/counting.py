"""What all metrics count with: shares, means, and lists of one length."""

from collections.abc import Sequence
from typing import TypeVar

from flint import fmpq

A = TypeVar("A")
B = TypeVar("B")


def share(hits: int, whole: int, name: str) -> fmpq:
    """The fraction hits / whole; ValueError where there is nothing to count."""
    if whole == 0:
        message = f"{name} needs at least one entry that counts"
        raise ValueError(message)
    return fmpq(hits, whole)


def mean(figures: Sequence[fmpq]) -> fmpq:
    """The mean of figures, at least one."""
    return sum(figures, fmpq(0)) / len(figures)


def paired(name: str, first: Sequence[A], other: str, second: Sequence[B]) -> list[tuple[A, B]]:
    """The entries side by side; ValueError where the lengths differ."""
    if len(first) != len(second):
        message = f"{name} and {other} must have one length (got {len(first)} and {len(second)})"
        raise ValueError(message)
    return list(zip(first, second, strict=True))

"""The record of a false statement."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Erratum:
    """A false statement: of which methods, where it is said, what is true, the case, its check."""

    id: str
    methods: tuple[str, ...]
    place: str
    says: str
    truth: str
    case: str
    refuted: Callable[[], bool]

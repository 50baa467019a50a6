"""What the aggregators are to reach, as data, and which of it a run reached."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from conformance.torch_runner.bench.grid import Size

Cell = Mapping[str, Any]

RATIO: Final[Mapping[Size, float]] = {
    Size(2, 10**6): 1.35,
    Size(3, 10**6): 1.25,
    Size(2, 10**7): 1.15,
    Size(3, 10**7): 1.15,
    Size(10, 10**6): 0.8,
    Size(10, 10**7): 0.8,
    Size(40, 10**6): 1.1,
}
"""A whole aggregation of a method of the Gramian over the physical limit."""

MILLISECONDS: Final[Mapping[Size, float]] = {
    Size(3, 10**4): 0.25,
    Size(10, 10**4): 0.4,
    Size(40, 10**4): 1.2,
}
"""The same in milliseconds, where calls cost more than arithmetic."""

SEQUENTIAL: Final[Mapping[tuple[str, Size], float]] = {
    ("pcgrad", Size(40, 10**4)): 2,
    ("pcgrad_dw", Size(40, 10**4)): 2,
    ("gradvac", Size(40, 10**4)): 3,
}
"""Methods whose steps follow one another."""

PASSES: Final[Mapping[Size, float]] = {Size(10, 10**6): 10, Size(10, 10**7): 6}
"""GradDrop with its uniforms given, in passes over the jacobian (w'G)."""

ENTRY: Final = 10.0**-7
"""Error of an entry of the Gramian in products of lengths."""

SHARE: Final = 1.0
"""Memory beside the jacobian, in jacobians: no temporary is as large."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One target at one place: what is asked, what was measured, whether that is enough."""

    target: str
    place: str
    bound: float
    measured: float
    met: bool


def reached(name: str, place: str, bound: float, measured: float) -> Reached:
    """The target is met by what is at most its bound."""
    return Reached(name, place, bound, measured, measured <= bound)


def judged(size: Size, cell: Cell) -> Iterator[Reached]:
    """The targets of speed at one size; ``cell`` as `run` records it."""
    for own in cell["methods"]:
        method, median = own["method"], own["timing"]["median"]
        place = f"{method} {size}"
        if own["gramian"] and size in RATIO:
            yield reached("ratio to the limit", place, RATIO[size], own["ratio"])
        if own["gramian"] and size in MILLISECONDS:
            bound = SEQUENTIAL.get((method, size), MILLISECONDS[size])
            yield reached("milliseconds", place, bound, median)
        if method == "graddrop" and size in PASSES:
            yield reached("passes", place, PASSES[size], own["passes"])
        for peer in cell["peers"]:
            if peer["method"] == method:
                bound = peer["timing"]["median"]
                yield reached(f"no slower than {peer['peer']}", place, bound, median)


def accurate(size: Size, error: float) -> Reached:
    """The target of the Gramian's entries."""
    return reached("entries of the Gramian", str(size), ENTRY, error)


def frugal(method: str, size: Size, share: float) -> Reached:
    """The target of memory."""
    return reached("memory beside the jacobian", f"{method} {size}", SHARE, share)

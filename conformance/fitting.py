"""Randomness that a backend drew and did not tell, as far as its answer tells it.

Where a definition admits several answers, one for each draw, an answer is judged against the one
that it comes nearest to. GradDrop's answers differ unit by unit, so that the nearest is found
without listing them all.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.methods.graddrop import SHAPES, Unit, masked, parted, shares
from mtl_reference.pairing import difference, inner
from mtl_reference.rational import rational
from properties.example import Example, Observation


def fitted(observation: Observation) -> Example | None:
    """The example with uniforms that lead nearest to the answer; None where none are told."""
    example = observation.example
    if example.method != "graddrop" or "direction" not in observation.outputs:
        return None
    direction = cast("Vector", observation.outputs["direction"])
    units = parted(observation.jacobian, example.inputs.get("representation"))
    leaks = shares(cast("float", example.params.get("leak", 0.0)), len(units[0].signed))
    shape = SHAPES[str(example.params.get("f", "identity"))]
    draws = []
    for place, unit in enumerate(units):
        level = fmpq(1, 2) if unit.purity is None else rational(shape(unit.purity))
        part = tuple(direction[place :: len(units)])
        draws.append(_draw(level, _above(unit, part, leaks)))
    return replace(example, random={"uniforms": tuple(draws)})


def _above(unit: Unit, part: Vector, leaks: Sequence[fmpq]) -> bool:
    """Whether what a unit answers lies nearer to its positive sums than to its negative ones."""
    gaps: list[Number] = []
    for sign in (1, -1):
        rest = difference(masked(unit, sign, tuple(leaks)), part)
        gaps.append(inner(rest, rest))
    return decide(gaps[0] - gaps[1]) == -1


def _draw(level: fmpq, above: bool) -> fmpq:  # noqa: FBT001  (which side)
    """A draw on a side of f(P), where it has that side."""
    below = level / 2 if above else (1 + level) / 2
    return below if 0 < below < 1 else fmpq(1, 2)

"""What is claimed of GradVac."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, three, two, up_to_two
from properties.example import Example, Rows, Step

SOURCE = "Wang et al. 2021 (GradVac)"
TURN = ((0, 1), (1, -1), (-1, 0))
OPPOSED = ((1, 0), (-2, 1))
ALIGNED, NARROW = ((2, 1), (1, 0)), ((-2, 1), (1, 0))  # a target of 2/sqrt(5), then a conflict
TURNED = "a target above 0 turns a gradient by more than a right angle"

GRID: tuple[Params, ...] = ({"beta": 0.25}, {"beta": 0.0}, {"beta": 1.0})


def whole(example: Example) -> bool:
    """Whether the whole model is one layer."""
    return "layers" not in example.inputs


def fresh(example: Example) -> bool:
    """Whether it is the first step, where every target is 0."""
    return not example.earlier


def inputs(rows: Rows, _dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """No layers, or up to three."""
    width = len(rows[0])
    cuts = st.sets(st.integers(1, width - 1), max_size=2) if width > 1 else st.just(set())
    layers = cuts.map(lambda inner: {"layers": ranges(sorted(inner), width)})
    return st.one_of(st.just({}), st.just({}), layers)


def ranges(cuts: list[int], width: int) -> tuple[tuple[int, int], ...]:
    """The ranges between cuts of the columns."""
    return tuple(zip([0, *cuts], [*cuts, width], strict=True))


CLAIMS = (
    *general(without=("permutation", "orthogonal", "zero-padding", "gramian", "span")),
    holds("permutation", SOURCE, "orders are relabelled along"),
    *[holds(law, SOURCE, "one layer", domain=whole)
      for law in ("orthogonal", "zero-padding", "gramian", "span")],
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE, "T <= 2, targets are 0", covers=up_to_two, domain=fresh),
    fails("non-conflict", "T = 2, a target below 0", case(OPPOSED, earlier=(Step(OPPOSED),),
          beta=1.0), covers=two),
    fails("non-conflict", "T = 2, a target above 0", case(NARROW, earlier=(Step(ALIGNED),),
          beta=1.0), TURNED, covers=two),
    fails("non-conflict", "T >= 3", case(TURN), covers=three),
    holds("strong-non-conflict", SOURCE, "T <= 2, targets are 0", covers=up_to_two, domain=fresh),
    fails("strong-non-conflict", "T = 2, a target above 0", case(NARROW, earlier=(Step(ALIGNED),),
          beta=1.0), TURNED, covers=two),
    fails("strong-non-conflict", "T >= 3", case(((0, 1), (1, 0), (-1, -1))), covers=three),
    holds("stationary", when="T = 2, antiparallel", covers=two, families=("antiparallel",)),
    fails("stationary", "T >= 3", case(TURN), covers=three),
    holds("gradvac-target", SOURCE + ", eqs. (4) and (5)", "orders are given"),
    holds("gradvac-layers", SOURCE + ", section 3.2", "orders are given"),
)  # fmt: skip

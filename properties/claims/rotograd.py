"""What is claimed of RotoGrad."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows, Step

SOURCE = "Javaloy, Valera 2022 (RotoGrad)"

GRID: tuple[Params, ...] = (
    {"mode": "both", "burn_in": 2.0},
    {"mode": "rotate", "burn_in": 0.0},
    {"mode": "scale", "burn_in": 20.0},
)

CLAIMS = (
    *general(SOURCE, laws=("shape", "deterministic", "permutation", "homogeneous",
                           "homogeneous-range", "invalid-input", "accuracy")),
    holds("rotograd-rotation", SOURCE),
)  # fmt: skip

PLANE = (0.0, -1.0, 1.0, 0.0)
SPACE = (0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
FIRST = ((1.0, 2.0, 3.0, -1.0), (2.0, -1.0, 1.0, 1.0))
SECOND = ((2.0, 1.0, -1.0, 1.0), (0.0, 0.0, 0.0, 0.0))
HELD = {"rotations": (PLANE, (1.0, 0.0, 0.0, 1.0))}
WIDE = ((1.0, 2.0, 3.0, -1.0, 2.0, 0.5, 1.0, 1.0, -4.0),
        (-2.0, 1.0, 0.0, 1.0, 2.0, 1.0, -1.0, 0.0, 3.0))  # fmt: skip

EDGES = (
    case(FIRST, inputs=HELD),
    case(SECOND, inputs=HELD, earlier=(Step(FIRST, HELD),)),
    case(FIRST, inputs=HELD, earlier=(Step(FIRST, HELD), Step(SECOND, HELD))),
    case(WIDE, inputs={"rotations": (SPACE, SPACE)}),
    case(WIDE, inputs={"rotations": (SPACE, SPACE)},
         earlier=(Step(WIDE[::-1], {"rotations": (SPACE, SPACE)}),)),
)  # fmt: skip


def _determinant(places: tuple[int, ...], signs: tuple[int, ...]) -> int:
    swaps = sum(a > b for k, a in enumerate(places) for b in places[k + 1 :])
    return int((-1) ** (swaps + sum(sign < 0 for sign in signs)))


def _turns(size: int) -> list[tuple[float, ...]]:
    """The rotations of shape (m, m) whose entries are 0, 1 and -1, row after row."""
    found = []
    for places in permutations(range(size)):
        for code in range(2**size):
            signs = tuple(-1 if code >> k & 1 else 1 for k in range(size))
            if _determinant(places, signs) == 1:
                table = [[float(signs[i] * (places[i] == j)) for j in range(size)]
                         for i in range(size)]  # fmt: skip
                found.append(tuple(entry for row in table for entry in row))
    return found


TURNS = {size: _turns(size) for size in (1, 2, 3)}


def inputs(rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """One rotation a task, of a size that parts the width into samples enough."""
    del dtype  # which holds 0, 1 and -1
    width = len(rows[0])
    sizes = [m for m in TURNS if width % m == 0 and width >= m * (m - 1)]
    drawn = st.sampled_from(sizes[::-1]).flatmap(
        lambda size: st.tuples(*[st.sampled_from(TURNS[size])] * len(rows))
    )
    return drawn.map(lambda turns: {"rotations": turns})

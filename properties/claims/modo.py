"""What is claimed of MoDo."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general
from properties.draws import real, vector
from properties.example import Rows, Step

ROWS = ((1.0, 0.0), (0.0, 2.0))
OTHERS = ((1.0, 0.5), (-0.5, 1.0))

GRID: tuple[Params, ...] = (
    {"learning_rate": 0.125, "rho": 0.0},
    {"learning_rate": 0.0078125, "rho": 0.5},
    {"learning_rate": 1.0, "rho": 0.125},
)

CLAIMS = general(laws=WEIGHING)

EDGES = (
    case(ROWS, inputs={"second_jacobian": ROWS}),
    case(ROWS, inputs={"second_jacobian": OTHERS}),
    case(((0.0, 0.0), (0.0, 0.0)), inputs={"second_jacobian": OTHERS}),
    case(ROWS, inputs={"second_jacobian": ROWS},
         earlier=(Step(ROWS, {"second_jacobian": OTHERS}),)),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """The jacobian of another sample: the same one, or another of its shape."""
    width = len(rows[0]) if rows else 0
    drawn = st.tuples(*[vector(width, real(dtype))] * len(rows))
    return st.fixed_dictionaries({"second_jacobian": st.one_of(drawn, st.just(rows))})

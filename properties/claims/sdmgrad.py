"""What is claimed of SDMGrad."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general
from properties.draws import positive, real, vector
from properties.example import Rows, Step

ROWS = ((1.0, 0.0), (0.0, 2.0))
OTHERS = ((1.0, 0.5), (-0.5, 1.0))

GRID: tuple[Params, ...] = (
    {"learning_rate": 0.125, "lambda_": 0.5},
    {"learning_rate": 0.0078125, "lambda_": 0.25},
    {"learning_rate": 1.0, "lambda_": 0.0},
)

CLAIMS = general(laws=WEIGHING)

EDGES = (
    case(ROWS, inputs={"second_jacobian": ROWS, "preference": (0.25, 0.75)}),
    case(ROWS, inputs={"second_jacobian": OTHERS, "preference": (0.5, 0.5)}),
    case(ROWS, inputs={"second_jacobian": ROWS, "preference": (0.5, 0.5)},
         earlier=(Step(ROWS, {"second_jacobian": OTHERS, "preference": (0.5, 0.5)}),)),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """The jacobian of another sample, and positive preferences."""
    width = len(rows[0]) if rows else 0
    drawn = st.tuples(*[vector(width, real(dtype))] * len(rows))
    return st.fixed_dictionaries(
        {
            "second_jacobian": st.one_of(drawn, st.just(rows)),
            "preference": vector(len(rows), positive(dtype)),
        }
    )

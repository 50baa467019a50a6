"""What is claimed of conflict scores."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows

LAWS = ("shape", "deterministic", "permutation", "invalid-input", "accuracy")

GRID: tuple[Params, ...] = (
    {"severity": 0.0},
    {"severity": -0.5},
    {"severity": -0.015625},
)
MAIN = 1

CLAIMS = (*general(laws=LAWS), holds("recon-score", "Shi et al. 2023 (Recon), Definition 3"))

EDGES = (
    case(inputs={"layer_gradients": (((1.0, 0.0), (0.0, 2.0)), ((1.0,), (-1.0,)))}),
    case(inputs={"layer_gradients": (((0.0, 0.0), (1.0, 0.0), (-2.0, 1.0)),)}),
    case(inputs={"layer_gradients": (((1.0,), (-1.0,), (1.0,), (-1.0,)), ((1.0,),) * 4)},
         severity=-0.5),
)  # fmt: skip


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """The rows with their columns parted into one to three layers."""
    width = len(rows[0]) if rows else 0
    cuts = st.sets(st.integers(1, max(width - 1, 1)), max_size=min(2, max(width - 1, 0)))
    return cuts.map(lambda ends: {"layer_gradients": _parted(rows, sorted(ends - {width}))})


def _parted(rows: Rows, ends: list[int]) -> tuple[Rows, ...]:
    """The layers between the cuts."""
    width = len(rows[0])
    spans = zip([0, *ends], [*ends, width], strict=True)
    return tuple(tuple(row[first:last] for row in rows) for first, last in spans)

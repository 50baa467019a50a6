"""What is claimed of dynamic task prioritization."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows, Step
from properties.losses import drawn, inside

SOURCE = "Guo et al. 2018 (DTP), from general knowledge"

GRID: tuple[Params, ...] = (
    {"gamma": 1.0, "alpha": 0.25},
    {"gamma": 0.0, "alpha": 0.5},
    {"gamma": 2.5, "alpha": 1.0},
)

CLAIMS = (*general(laws=WEIGHING), holds("dtp-monotone", SOURCE))

EDGES = (
    case(inputs={"kpis": (0.5, 1.0)}),
    case(inputs={"kpis": (0.5, 0.75)}, earlier=(Step((), {"kpis": (0.25, 1.0)}),)),
    case(inputs={"kpis": (0.5, 0.75)},
         earlier=(Step((), {"kpis": (0.25, 1.0)}), Step((), {"kpis": (0.5, 0.125)}))),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Indicators in (0, 1]."""
    return drawn(rows, dtype, kpis=inside)

"""What is claimed of FAMO."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows
from properties.losses import drawn, positive, signed

SOURCE = "Liu et al. 2023 (FAMO), from general knowledge"

GRID: tuple[Params, ...] = (
    {"learning_rate": 0.125, "decay": 0.0625},
    {"learning_rate": 1.0, "decay": 0.0},
)

CLAIMS = (*general(laws=WEIGHING), holds("famo-simplex", SOURCE), holds("loss-units", SOURCE))

EDGES = (
    case(inputs={"losses": (1.0, 1.0), "previous_losses": (2.0, 1.0), "logits": (0.0, 0.0)}),
    case(inputs={"losses": (2.0, 0.5), "previous_losses": (1.0, 4.0), "logits": (1.0, -1.0)}),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses after and before a step, and logits of either sign."""
    return drawn(rows, dtype, losses=positive, previous_losses=positive, logits=signed)

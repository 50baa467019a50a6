"""What is claimed of dynamic weight averaging."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows
from properties.losses import drawn, positive

SOURCE = "Liu, Johns, Davison 2019 (DWA), eq. (7)"

GRID: tuple[Params, ...] = ({"temperature": 2.0}, {"temperature": 0.5}, {"temperature": 16.0})

CLAIMS = (*general(laws=WEIGHING), holds("dwa-sum", SOURCE), holds("loss-units", SOURCE))

EDGES = (
    case(inputs={"losses": (1.0, 3.0), "previous_losses": (2.0, 2.0)}),
    case(inputs={"losses": (4096.0, 1.0), "previous_losses": (1.0, 1.0)}),  # one task has it all
    case(inputs={"losses": (-1.0, 2.0), "previous_losses": (2.0, -2.0)}),
    case(inputs={"losses": (0.0, 0.0), "previous_losses": (1.0, 2.0)}),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Losses of both epochs, positive."""
    return drawn(rows, dtype, losses=positive, previous_losses=positive)

"""What is claimed of IMTL-L."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows
from properties.losses import drawn, positive, signed

SOURCE = "Liu et al. 2021 (IMTL), section 3.2"

GRID: tuple[Params, ...] = (
    {"scales": "given", "learning_rate": 0.125},
    {"scales": "optimum", "learning_rate": 0.125},
    {"scales": "given", "learning_rate": 1.0},
)
MAIN = 2

CLAIMS = (
    *general(laws=WEIGHING),
    holds("imtl-l-optimum", SOURCE),
    holds("loss-units", SOURCE),
)

EDGES = (
    case(inputs={"losses": (1.0, 4.0), "log_scales": (0.0, 0.0)}),  # where training starts
    case(inputs={"losses": (2.0,), "log_scales": (-0.5,)}),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses, and log-scales of either sign."""
    return drawn(rows, dtype, losses=positive, log_scales=signed)

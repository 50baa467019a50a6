"""What is claimed of IMTL, both halves."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, no_zero_row, three, up_to_two
from properties.example import Rows
from properties.losses import drawn, positive, signed

SOURCE = "Liu et al. 2021 (IMTL)"

GRID: tuple[Params, ...] = ({"scales": "optimum"}, {"scales": "given"})

CLAIMS = (
    *general(without=("single-task",)),
    holds("row-scaling", SOURCE, "no zero row", domain=no_zero_row),
    holds("non-conflict", SOURCE, "T <= 2", covers=up_to_two),
    fails("non-conflict", "T >= 3",
          case(((0, 0, 1), (0, 1, 2), (1, -1, 1)),
               inputs={"losses": (1.0,) * 3, "log_scales": (0.0,) * 3}), covers=three),
    holds("stationary", when="a positive combination of non-zero rows is 0",
          families=("stationary",)),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses, and log-scales of either sign."""
    return drawn(rows, dtype, losses=positive, log_scales=signed)

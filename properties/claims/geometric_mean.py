"""What is claimed of the geometric mean of the losses."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows
from properties.losses import drawn, positive

SOURCE = "the inequality of the means"

CLAIMS = (
    *general(laws=WEIGHING),
    holds("geometric-mean-share", SOURCE),
    holds("loss-units"),
)

EDGES = (
    case(inputs={"losses": (1.0, 4.0)}),
    case(inputs={"losses": (0.0,)}),
    case(inputs={"losses": (2.0**-60, 2.0**60, 1.0)}),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses."""
    return drawn(rows, dtype, losses=positive)

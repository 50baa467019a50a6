"""What is claimed of uncertainty weighting."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Example, Rows
from properties.losses import drawn, positive, signed

SOURCE = "Kendall, Gal, Cipolla 2018"

GRID: tuple[Params, ...] = ({"form": "regression"}, {"form": "classification"})


def positive_losses(example: Example) -> bool:
    """Whether every loss is positive."""
    return bool(min(example.inputs["losses"]) > 0)


CLAIMS = (
    *general(laws=WEIGHING),
    holds("uw-optimum", SOURCE + ", eqs. (7) and (10)", "positive losses", domain=positive_losses),
    holds("loss-units", SOURCE),
)

EDGES = (
    case(inputs={"losses": (1.0, 2.0), "log_variances": (-0.5, -0.5)}),  # where training starts
    case(inputs={"losses": (1.0, 4.0), "log_variances": (0.0, 0.0)}),
    case(inputs={"losses": (-1.0, 0.0), "log_variances": (1.0, 2.0)}),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses, and log-variances of either sign."""
    return drawn(rows, dtype, losses=positive, log_variances=signed)

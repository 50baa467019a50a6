"""What is claimed of smooth Tchebycheff scalarization."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, fails, general, holds
from properties.example import Rows
from properties.losses import drawn, positive

SOURCE = "Lin et al. 2024 (STCH), from general knowledge"

GRID: tuple[Params, ...] = (
    {"mu": 0.5, "form": "linear"},
    {"mu": 1.0, "form": "log"},
    {"mu": 0.125, "form": "log"},
)


def _logarithmic(_tasks: int, params: Params) -> bool:
    return params["form"] == "log"


def _linear(tasks: int, params: Params) -> bool:
    return tasks > 1 and params["form"] == "linear"


CLAIMS = (
    *general(laws=WEIGHING),
    holds("stch-band", SOURCE),
    holds("loss-units", SOURCE, "form log", covers=_logarithmic),
    fails("loss-units", "form linear, T >= 2",
          case(inputs={"losses": (1.0, 2.0), "preference": (1.0, 1.0),
                       "reference_losses": (0.0, 0.0)}, extra={"exponent": 1}), covers=_linear),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive losses, preference and reference losses."""
    return drawn(rows, dtype, losses=positive, preference=positive, reference_losses=positive)

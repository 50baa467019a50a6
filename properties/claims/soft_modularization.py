"""What is claimed of soft modularization's task weights."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds
from properties.example import Rows
from properties.losses import drawn, positive

SOURCE = "Yang et al. 2020 (Soft Modularization), and its released code"

GRID: tuple[Params, ...] = ({"form": "paper"}, {"form": "code"})

CLAIMS = (*general(laws=WEIGHING), holds("temperature-order", SOURCE))

EDGES = (case(inputs={"temperatures": (0.25, 0.5)}), case(inputs={"temperatures": (1.0, 1.0, 3.0)}))


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Positive temperatures."""
    return drawn(rows, dtype, temperatures=positive)

"""What is claimed of uniform weighting."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.words import WEIGHING, general, holds
from properties.example import Rows
from properties.losses import drawn, signed

CLAIMS = (*general(laws=WEIGHING), holds("loss-units"))


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Losses of either sign."""
    return drawn(rows, dtype, losses=signed)

"""What is claimed of random weighting."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.words import WEIGHING, general, holds, two
from properties.example import Rows
from properties.losses import drawn, positive, signed

SOURCE = "Lin et al. 2022 (RLW), from general knowledge"

CLAIMS = (
    *general(laws=WEIGHING),
    holds("rlw-replay", SOURCE, "draws are given"),
    holds("rlw-normals", SOURCE, "draws are not given", covers=two),
    holds("loss-units"),
)


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Losses, and draws of either sign."""
    return drawn(rows, dtype, losses=positive, normals=signed)

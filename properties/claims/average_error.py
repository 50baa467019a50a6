"""What is claimed of average errors."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.words import WEIGHING, general, holds
from properties.example import Rows
from properties.losses import drawn, positive

CLAIMS = (*general(laws=WEIGHING), holds("metric-definition"))


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Errors of the tasks."""
    return drawn(rows, dtype, errors=positive)

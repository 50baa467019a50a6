"""What is claimed of the mean intersection over union."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import classified

MEASURING = ("shape", "deterministic", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="a label counts"))

EDGES = (
    case(inputs={"predictions": (0, 1, 1, 3), "labels": (0, 0, 1, -1)}),
    case(inputs={"predictions": (2, 2, 4), "labels": (2, 2, 2)}),
)


def inputs(_rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Up to twelve predictions of six classes, some without a label."""
    return classified()

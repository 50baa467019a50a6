"""What is claimed of depth errors."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import positive

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="a pixel has a depth"))

EDGES = (
    case(inputs={"predicted_depths": (1.0, 5.0, 9.0), "depths": (2.0, 4.0, 0.0)}),
    case(inputs={"predicted_depths": (1.0, 2.0), "depths": (-2.0, 2.0)}),
)


@st.composite
def _pixels(draw: st.DrawFn, dtype: str) -> Mapping[str, Any]:
    count = draw(st.integers(1, 9))
    known = (True, *draw(st.tuples(*[st.booleans()] * (count - 1))))
    depths = draw(positive(count, dtype))
    return {
        "predicted_depths": draw(positive(count, dtype)),
        "depths": tuple(d if there else 0.0 for d, there in zip(depths, known, strict=True)),
    }


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Up to nine pixels, some without a depth."""
    return _pixels(dtype)

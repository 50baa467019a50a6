"""What is claimed of the area under the curve."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import signed

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="both classes occur"))

EDGES = (case(inputs={"confidences": (3.0, 1.0, 1.0, 0.0), "labels": (1, 1, 0, 0)}),)


@st.composite
def _scored(draw: st.DrawFn, dtype: str) -> Mapping[str, Any]:
    count = draw(st.integers(2, 12))
    tied = st.tuples(*[st.integers(0, 4).map(float)] * count)
    labels = draw(st.tuples(*[st.integers(0, 1)] * (count - 2)))
    return {
        "confidences": draw(st.one_of(tied, signed(count, dtype))),
        "labels": (1, *labels, 0),
    }


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Confidences of up to twelve examples of both classes, with ties and without."""
    return _scored(dtype)

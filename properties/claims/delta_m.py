"""What is claimed of Delta m."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import DEFINITION, case, general, holds
from properties.example import Rows
from properties.losses import positive, signed

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")

GRID: tuple[Params, ...] = ({"convention": "flat-drop"}, {"convention": "grouped-gain"})
MAIN = 2

CLAIMS = (*general(laws=MEASURING), holds("delta-m", DEFINITION, "no baseline is 0"))

EDGES = (
    case(inputs={"values": (0.5, 2.0, 8.0), "baseline": (1.0, 1.0, -4.0),
                 "lower_is_better": (True, False, True), "task": (0, 0, 1)}),
    case(inputs={"values": (3.0,), "baseline": (2.0,), "lower_is_better": (True,), "task": (7,)}),
)  # fmt: skip


@st.composite
def _criteria(draw: st.DrawFn, dtype: str) -> Mapping[str, Any]:
    count = draw(st.integers(1, 9))
    truths, tasks = st.tuples(*[st.booleans()] * count), st.tuples(*[st.integers(0, 3)] * count)
    return {
        "values": draw(signed(count, dtype)),
        "baseline": draw(positive(count, dtype)),
        "lower_is_better": draw(truths),
        "task": draw(tasks),
    }


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Figures of up to nine criteria in up to four tasks."""
    return _criteria(dtype)

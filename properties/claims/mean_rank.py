"""What is claimed of mean ranks."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import signed

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")
TIES = ("ordinal", "min", "average", "max", "dense")

GRID: tuple[Params, ...] = tuple({"ties": ties} for ties in TIES)
MAIN = 1

CLAIMS = (*general(laws=MEASURING), holds("mean-rank"))

EDGES = (
    case(inputs={"values": ((1.0, 2.0), (1.0, 3.0), (2.0, 3.0)), "lower_is_better": (True, False)}),
    case(inputs={"values": ((5.0,), (5.0,), (5.0,)), "lower_is_better": (True,)}),
)


@st.composite
def _tables(draw: st.DrawFn, dtype: str) -> Mapping[str, Any]:
    methods, criteria = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    tied = st.tuples(*[st.integers(0, 3).map(float)] * criteria)
    row = draw(st.sampled_from((tied, signed(criteria, dtype))))
    return {
        "values": tuple(draw(row) for _ in range(methods)),
        "lower_is_better": draw(st.tuples(*[st.booleans()] * criteria)),
    }


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Tables of up to five methods and four criteria, with ties and without."""
    return _tables(dtype)

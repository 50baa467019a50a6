"""What is claimed of standard errors."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import positive, signed

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="two figures or more"))

EDGES = (
    case(inputs={"figures": (1.0, 2.0, 3.0)}),
    case(inputs={"figures": (1048577.0, 1048578.0, 1048580.0)}),  # far from 0, near each other
)


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Two to six figures."""
    kinds = st.tuples(st.integers(2, 6), st.sampled_from((positive, signed)))
    figures = kinds.flatmap(lambda pair: pair[1](pair[0], dtype))
    return st.fixed_dictionaries({"figures": figures})

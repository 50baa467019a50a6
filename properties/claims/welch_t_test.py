"""What is claimed of Welch's test."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import positive, signed

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="the test is defined"))

EDGES = (
    case(inputs={"first_sample": (1.0, 2.0, 3.0), "second_sample": (2.0, 3.0, 4.5)}),
    case(inputs={"first_sample": (8.0, 8.5), "second_sample": (1.0, 1.25, 1.5, 2.0)}),
)


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Two samples of two to five figures."""
    sizes = st.tuples(st.integers(2, 5), st.integers(2, 5), st.sampled_from((positive, signed)))

    def samples(drawn: tuple[int, int, Any]) -> st.SearchStrategy[Mapping[str, Any]]:
        first, second, kind = drawn
        return st.fixed_dictionaries(
            {"first_sample": kind(first, dtype), "second_sample": kind(second, dtype)}
        )

    return sizes.flatmap(samples)

"""What is claimed of success rates."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows

MEASURING = ("shape", "deterministic", "accuracy")

CLAIMS = (*general(laws=MEASURING), holds("metric-definition"))

EDGES = (case(inputs={"successes": ((0, 1, 0), (1, 1, 0), (0, 0, 1))}),)


def inputs(_rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Up to five evaluations of up to six episodes."""
    episodes = st.integers(1, 6).flatmap(
        lambda count: st.lists(st.tuples(*[st.integers(0, 1)] * count), min_size=1, max_size=5).map(
            tuple
        )
    )
    return st.fixed_dictionaries({"successes": episodes})

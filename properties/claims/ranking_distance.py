"""What is claimed of the distance of two rankings."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, general, holds
from properties.example import Rows

CLAIMS = (
    *general(laws=("shape", "deterministic", "accuracy")),
    holds("ranking-distance", "Diaconis, Graham 1977, on Spearman's footrule"),
)

EDGES = (
    case(inputs={"first": (0, 1, 2), "second": (2, 0, 1)}),
    case(inputs={"first": (0,), "second": (0,)}),
    case(inputs={"first": (0, 1, 2, 3), "second": (3, 2, 1, 0)}),
)


def inputs(_rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Two rankings of one to nine layers."""
    return st.integers(1, 9).flatmap(
        lambda count: st.fixed_dictionaries(
            {name: st.permutations(range(count)).map(tuple) for name in ("first", "second")}
        )
    )

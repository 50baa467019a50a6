"""What is claimed of the selection of layers."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows

GRID: tuple[Params, ...] = ({"k": 2.0}, {"k": 1.0}, {"k": 0.0})
MAIN = 1

CLAIMS = (
    *general(laws=("shape", "deterministic", "accuracy")),
    holds("recon-select", "Shi et al. 2023 (Recon), Algorithm 1"),
)

EDGES = (
    case(inputs={"scores": (2, 5, 2, 0)}, k=2.0),
    case(inputs={"scores": (1, 1, 1)}, k=2.0),
    case(inputs={"scores": (0, 1, 2)}, k=1.0),
)


def inputs(_rows: Rows, _dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Scores of two to nine layers, with ties."""
    scores = st.lists(st.integers(0, 5), min_size=2, max_size=9).map(tuple)
    return st.fixed_dictionaries({"scores": scores})

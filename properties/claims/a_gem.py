"""What is claimed of A-GEM."""

from typing import Any

from hypothesis import strategies as st

from properties.claims.words import general, holds
from properties.example import Given, Rows

SOURCE = "Chaudhry et al. 2019 (A-GEM)"


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """The first row is the gradient, the last one the reference."""
    given: dict[str, Any] = {"gradient": rows[0], "reference": rows[-1]}
    return st.just(given)


CLAIMS = (
    *general(without=("permutation", "single-task")),
    holds("non-conflict", SOURCE + ", eq. (11)", "for the gradient and the reference"),
    holds("agem-is-pcgrad-row", "both formulas are the same"),
)

"""What is claimed of GEM."""

from typing import Any

from hypothesis import strategies as st

from properties.claims.words import general, holds
from properties.example import Given, Rows

SOURCE = "Lopez-Paz, Ranzato 2017 (GEM)"


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """The first row is the gradient, the others are the memories; one row is both."""
    given: dict[str, Any] = {"gradient": rows[0], "memory": rows[1:] or rows}
    return st.just(given)


CLAIMS = (
    *general(without=("permutation", "single-task")),
    holds("non-conflict", SOURCE + ", eq. (8)", "for the gradient and all memories"),
    holds("gem-kkt", SOURCE + ", eqs. (8)-(11)"),
)

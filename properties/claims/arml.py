"""What is claimed of ARML."""

from hypothesis import strategies as st

from properties.claims.words import case, fails, general, holds, several
from properties.example import Given, Rows

SOURCE = "Shi et al. 2020 (ARML)"


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """A main gradient of small whole numbers, or the first auxiliary one."""
    small = st.tuples(*[st.integers(-4, 4).map(float)] * len(rows[0]))
    return st.one_of(small, st.just(rows[0])).map(lambda drawn: {"gradient": drawn})


CLAIMS = (
    *general(without=("single-task",)),
    fails("row-scaling", "T >= 2",
          case(((1, 0), (0, 1)), inputs={"gradient": (1.0, 0.0)}, extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("arml-optimal", SOURCE),
)  # fmt: skip

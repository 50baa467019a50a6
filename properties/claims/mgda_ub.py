"""What is claimed of MGDA-UB."""

from hypothesis import strategies as st

from properties.claims.words import case, fails, general, holds, several
from properties.example import Given, Rows

SOURCE = "Sener, Koltun 2018 (MGDA-UB)"
AXES = ((1.0, 0.0), (0.0, 1.0))
PRINTED = case(((3, 1), (-1, -1)), inputs={"representation_jacobian": ((1.0, 1.0), (1.0, -1.0))})


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """Gradients by a representation of any size: small whole numbers, halved."""
    entry = st.integers(-8, 8).map(lambda count: count / 2)

    def table(width: int) -> st.SearchStrategy[Given]:
        drawn = st.tuples(*[st.tuples(*[entry] * width)] * len(rows))
        return drawn.map(lambda found: {"representation_jacobian": found})

    return st.integers(max(1, len(rows) - 1), len(rows) + 3).flatmap(table)


CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]},
          inputs={"representation_jacobian": AXES}), covers=several),
    fails("non-conflict", "T >= 2", PRINTED, SOURCE + ", Theorem 1(b): E-MGDA-1", covers=several),
    holds("mgda-kkt", SOURCE, "for the gradients by the representation"),
    fails("mgda-ub", "T >= 2, whatever the rank of dZ/dtheta", PRINTED,
          "dZ/dtheta = (1, 0), (2, 1) is invertible", covers=several),
)  # fmt: skip

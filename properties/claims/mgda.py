"""What is claimed of MGDA."""

from properties.claims.words import case, fails, general, holds, several

SOURCE = "Sener, Koltun 2018 (MGDA)"

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE + ", Theorem 1"),
    holds("stationary", SOURCE, "0 lies in the hull",
          families=("stationary", "stationary_face", "antiparallel", "zero_row")),
    holds("mgda-kkt", SOURCE),
    holds("mgda-gap", "the Frank-Wolfe gap"),
    holds("mgda-descent", "Desideri 2012"),
)  # fmt: skip

"""What is claimed of DualProj."""

from properties.claims.words import case, fails, general, holds, several

SOURCE = "Quinton, Rey 2024; Lopez-Paz, Ranzato 2017 (GEM)"

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE),
    holds("stationary", "the cone is the rows' orthogonal complement",
          "a positive combination of non-zero rows is 0", families=("stationary",)),
    holds("cone-projection", SOURCE),
)  # fmt: skip

"""What is claimed of Aligned-MTL."""

from properties.claims.words import case, fails, general, holds, several

SOURCE = "Senushkin et al. 2023 (Aligned-MTL)"

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (1, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    fails("non-conflict", "T >= 2", case(((1,), (-2,))), covers=several),
    fails("stationary", "T >= 2", case(((1,), (-2,))), covers=several),
    holds("aligned-spectrum", SOURCE),
)  # fmt: skip

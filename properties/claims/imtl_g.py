"""What is claimed of IMTL-G."""

from properties.claims.words import (
    case,
    fails,
    general,
    holds,
    no_zero_row,
    three,
    up_to_two,
)

SOURCE = "Liu et al. 2021 (IMTL)"

CLAIMS = (
    *general(),
    holds("row-scaling", SOURCE, "no zero row", domain=no_zero_row),
    holds("non-conflict", SOURCE, "T <= 2", covers=up_to_two),
    fails("non-conflict", "T >= 3", case(((0, 0, 1), (0, 1, 2), (1, -1, 1))), covers=three),
    holds("stationary", when="a positive combination of non-zero rows is 0",
          families=("stationary",)),
    holds("imtl-equal-projections", SOURCE, "no zero row", domain=no_zero_row),
)  # fmt: skip

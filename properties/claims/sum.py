"""What is claimed of the sum of the gradients."""

from properties.claims.words import case, fails, general, several

OPPOSED = ((1,), (-2,))

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    fails("non-conflict", "T >= 2", case(OPPOSED), covers=several),
    fails("stationary", "T >= 2", case(OPPOSED), covers=several),
)  # fmt: skip

"""What is claimed of DW."""

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several

SOURCE = "GradOPS (arXiv 2503.03438), section 4.5, as reconstructed"
OPPOSED = ((1,), (-2,))

GRID: tuple[Params, ...] = (
    {"alpha": 0.0}, {"alpha": -1.0}, {"alpha": -2.0}, {"alpha": 1.0}, {"alpha": 0.5},
)  # fmt: skip
MAIN = 2

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    fails("non-conflict", "T >= 2", case(OPPOSED), covers=several),
    fails("stationary", "T >= 2", case(OPPOSED), covers=several),
    holds("dw-weights", SOURCE),
)  # fmt: skip

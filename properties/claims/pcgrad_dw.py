"""What is claimed of PCGrad-DW."""

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, three, up_to_two

SOURCE = "GradOPS (arXiv 2503.03438), section 4.5, as reconstructed"
TURN = ((0, 1), (1, -1), (-1, 0))

GRID: tuple[Params, ...] = (
    {"alpha": 0.0}, {"alpha": -1.0}, {"alpha": -2.0}, {"alpha": 1.0}, {"alpha": 0.5},
)  # fmt: skip
MAIN = 2

CLAIMS = (
    *general(without=("permutation",)),
    holds("permutation", SOURCE, "orders are relabelled along"),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE, "T <= 2", covers=up_to_two),
    fails("non-conflict", "T >= 3", case(TURN), covers=three),
    fails("stationary", "T >= 3", case(TURN), covers=three),
    holds("dw-weights", SOURCE, "orders are given"),
)  # fmt: skip

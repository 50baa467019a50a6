"""What is claimed of ConFIG."""

from mtl_reference.rational import jacobian
from properties.claims.words import case, fails, general, holds, no_zero_row, three
from properties.example import Example

SOURCE = "Liu, Chu, Thuerey 2024 (ConFIG)"


def _independent(example: Example) -> bool:
    return jacobian(example.rows).gramian().det() != 0


CLAIMS = (
    *general(),
    holds("row-scaling", "u depends on the unit rows alone", "no zero row", domain=no_zero_row),
    holds("non-conflict", SOURCE + ": equal projections", "independent rows", domain=_independent,
          families=("generic", "conflicting", "aligned", "all_conflicting", "wide", "orthogonal")),
    fails("non-conflict", "T >= 3, dependent rows", case(((-1,), (-1,), (1,))), covers=three),
    fails("stationary", "T >= 3", case(((1,), (-1,), (-1,))), covers=three),
    holds("config-projections", SOURCE, "no zero row", domain=no_zero_row),
)  # fmt: skip

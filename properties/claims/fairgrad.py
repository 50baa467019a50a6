"""What is claimed of FairGrad."""

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.rational import RationalVector, inner, rational
from mtl_reference.transcendental import power
from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, where

SOURCE = "Ban, Ji 2024 (FairGrad)"

GRID: tuple[Params, ...] = ({"alpha": 1.0}, {"alpha": 2.0}, {"alpha": 0.5}, {"alpha": 3.0})
MAIN = 2


def _alpha(params: Params) -> fmpq:
    return rational(float(params["alpha"]))  # type: ignore[arg-type]  # a number


def degree(params: Params) -> fmpq:
    """(1 - alpha) / (1 + alpha)."""
    return (1 - _alpha(params)) / (1 + _alpha(params))


def single_task(row: RationalVector, params: Params) -> Vector:
    """One task's gradient g times |g|^(-2 alpha / (1 + alpha))."""
    alpha = _alpha(params)
    factor = power(inner(row, row), -alpha / (1 + alpha))
    return tuple(factor * entry for entry in row)


CLAIMS = (
    *general(),
    holds("row-scaling", "the equation of Nash-MTL", "alpha = 1",
          covers=where("alpha", lambda alpha: alpha == 1)),
    fails("row-scaling", "alpha not 1, T >= 2",
          case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}, alpha=2.0),
          covers=where("alpha", lambda alpha: alpha != 1, several)),
    holds("non-conflict", SOURCE + ": every gain is a_i^(-1/alpha)"),
    holds("fairgrad-fixed-point", SOURCE + ", eq. (4)"),
)  # fmt: skip

"""What is claimed of CAGrad."""

from mtl_reference.enclosure import Vector
from mtl_reference.rational import RationalVector, rational
from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, where

SOURCE = "Liu, Liu, Jin, Stone, Liu 2021 (CAGrad)"
OPPOSED = ((1,), (-2,))

GRID: tuple[Params, ...] = ({"c": 0.5}, {"c": 0.0}, {"c": 1.0}, {"c": 2.0}, {"c": 10.0})


def single_task(row: RationalVector, params: Params) -> Vector:
    """One task's gradient, times 1 + c."""
    factor = 1 + rational(float(params["c"]))  # type: ignore[arg-type]  # a number
    return tuple(factor * entry for entry in row)


CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}, c=0.5),
          covers=several),
    holds("non-conflict", SOURCE, "c >= 1", covers=where("c", lambda c: c >= 1)),
    fails("non-conflict", "c < 1, T >= 2", case(OPPOSED, c=0.5),
          covers=where("c", lambda c: c < 1, several)),
    holds("stationary", SOURCE, "a positive combination is 0, and c >= 1",
          covers=where("c", lambda c: c >= 1), families=("stationary",), floats=False),
    fails("stationary", "c < 1", case(OPPOSED, c=0.5), covers=where("c", lambda c: c < 1)),
    holds("cagrad-feasible", SOURCE + ", eq. (3)"),
    holds("cagrad-optimal", SOURCE + ", eq. (12)"),
    holds("cagrad-c0", SOURCE, "c = 0", covers=where("c", lambda c: c == 0)),
    holds("cagrad-to-mgda", SOURCE + ", section 3", "at any c"),
    holds("cagrad-band", SOURCE + ", by Cauchy and Schwarz"),
    holds("cagrad-descent", SOURCE + ", Theorem 3.2", "c < 1",
          covers=where("c", lambda c: c < 1)),
    holds("cagrad-fixed-points", SOURCE + ", appendix A.4"),
    holds("cagrad-surd", "by the KKT conditions"),
)  # fmt: skip

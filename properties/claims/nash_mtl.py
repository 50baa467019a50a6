"""What is claimed of Nash-MTL."""

from mtl_reference.enclosure import Vector
from mtl_reference.rational import RationalVector, jacobian, rational
from mtl_reference.surd import sqrt
from properties.claims.claim import Params
from properties.claims.words import general, holds, two, where
from properties.example import Example

SOURCE = "Navon et al. 2022 (Nash-MTL)"

GRID: tuple[Params, ...] = (
    {"max_norm": 0.0, "update_every": 1},
    {"max_norm": 1.0, "update_every": 1},
    {"max_norm": 0.0, "update_every": 2},
    {"max_norm": 1.5, "update_every": 3},
)
NO_CLIP = where("max_norm", lambda limit: limit == 0)
CLIP = where("max_norm", lambda limit: limit > 0)


def single_task(row: RationalVector, params: Params) -> Vector:
    """One task's gradient over its length, times max_norm if that is less than 1."""
    limit = rational(float(params["max_norm"]))  # type: ignore[arg-type]  # a number
    square = sum((entry * entry for entry in row), type(limit)(0))
    factor = (limit if 0 < limit < 1 else type(limit)(1)) * sqrt(1 / square)
    return tuple(factor * entry for entry in row)


def _independent(example: Example) -> bool:
    return jacobian(example.rows).gramian().det() != 0


CLAIMS = (
    *general(),
    holds("row-scaling", SOURCE, "in a step with an update"),
    holds("non-conflict", SOURCE + ": every gain is 1/a_i"),
    holds("gradops-two-tasks", "both lie on the bisector", "T = 2, independent rows",
          covers=two, domain=_independent, families=("generic", "conflicting", "aligned")),
    holds("sequence", SOURCE, "an update at every step",
          covers=where("update_every", lambda steps: steps == 1)),
    holds("sequence", SOURCE, "one solution serves for several steps, no clip",
          covers=where("update_every", lambda steps: steps > 1, NO_CLIP)),
    holds("sequence", SOURCE, "one solution serves for several steps, with a clip",
          covers=where("update_every", lambda steps: steps > 1, CLIP)),
    holds("nash-fixed-point", SOURCE + ", Claim 3.1"),
    holds("nash-descent", SOURCE + ", Theorem 5.4", "no clip", covers=NO_CLIP),
)  # fmt: skip

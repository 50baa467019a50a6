"""What is claimed of GradOPS."""

from mtl_reference.rational import jacobian
from properties.claims.claim import Params
from properties.claims.words import (
    case,
    fails,
    general,
    holds,
    no_zero_row,
    opens,
    several,
    three,
    two,
    where,
)
from properties.example import Example
from properties.laws.gradops import all_modified

SOURCE = "GradOPS (arXiv 2503.03438)"
STEP = 2.0**-10
MGDA_LIKE = -2  # the alpha whose direction is MGDA's for two tasks

GRID: tuple[Params, ...] = (
    {"alpha": 0.0, "fallback": "mgda"},
    {"alpha": -1.0, "fallback": "mgda"},
    {"alpha": -2.0, "fallback": "mgda"},
    {"alpha": 1.0, "fallback": "mgda"},
    {"alpha": 0.5, "fallback": "mgda"},
    {"alpha": 0.0, "fallback": "none"},
    {"alpha": -1.0, "fallback": "none"},
)
MAIN = 2


def with_fallback(_tasks: int, params: Params) -> bool:
    """The fallback is MGDA's direction."""
    return params["fallback"] == "mgda"


def without_fallback(_tasks: int, params: Params) -> bool:
    """There is no fallback."""
    return params["fallback"] == "none"


def _conflict_not_opposed(example: Example) -> bool:
    gramian = jacobian(example.rows).gramian()
    return bool(gramian[0, 1] < 0 and gramian.det() != 0)


ROW_SCALING = (
    holds("row-scaling", SOURCE, "alpha = -1, K > 0 and every task conflicts",
          covers=where("alpha", lambda alpha: alpha == -1), domain=all_modified,
          families=("all_conflicting",)),
    fails("row-scaling", "alpha not -1, T >= 2",
          case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}, alpha=0.0, fallback="mgda"),
          covers=where("alpha", lambda alpha: alpha != -1, several)),
)  # fmt: skip

OTHER_METHODS = (
    holds("pcgrad-is-gradops", SOURCE, "T = 2, alpha = 0",
          covers=where("alpha", lambda alpha: alpha == 0, two)),
    fails("pcgrad-is-gradops", "T >= 3",
          case(((0, 1), (0, 1), (1, -1)), alpha=0.0, fallback="mgda"), covers=three),
    holds("gradops-two-tasks", SOURCE + ", section 4; by the closed forms",
          "T = 2, alpha = -1 or -2, conflicting, not antiparallel",
          covers=where("alpha", lambda alpha: alpha in {-1, -2}, two),
          domain=_conflict_not_opposed),
    fails("gradops-two-tasks", "T >= 3, alpha = -2, every task modified",
          case(((0, 0, 1), (0, 1, 0), (1, -1, -1)), alpha=-2.0, fallback="mgda"),
          covers=where("alpha", lambda alpha: alpha == MGDA_LIKE, three)),
)  # fmt: skip

CONTINUITY = (
    holds("gradops-continuity", "by the law's Lipschitz bound", "T = 2, alpha = 0, no zero row",
          covers=where("alpha", lambda alpha: alpha == 0, two), domain=no_zero_row),
    fails("gradops-continuity", "T >= 3",
          case(((2, 0), (STEP, 1), (0, 1)), extra={"moved": [[2, 0], [-STEP, 1], [0, 1]]},
               alpha=0.0, fallback="mgda"), covers=three),
    opens("gradops-continuity", "T = 2, alpha not 0",
          "continuous where no row is zero; no modulus is known",
          covers=where("alpha", lambda alpha: alpha != 0, two)),
)  # fmt: skip

CLAIMS = (
    *general(),
    *ROW_SCALING,
    holds("non-conflict", SOURCE + ", section 2"),
    holds("strong-non-conflict", SOURCE + ", section 2"),
    holds("stationary", when="a positive combination of non-zero rows is 0",
          families=("stationary",)),
    holds("gradops-projection", SOURCE + ", eqs. (1)-(2)"),
    holds("gradops-order", SOURCE + ", section 2"),
    holds("gradops-weights", SOURCE + ", eqs. (3)-(5)"),
    *OTHER_METHODS,
    holds("gradops-equal-projections", "by the dual basis",
          "every task is modified, K > 0; whole alpha",
          covers=where("alpha", float.is_integer, several), domain=all_modified),
    holds("gradops-descent", SOURCE + ", Theorems 1 and 2", "t < 2/(TL), the answer is defined"),
    holds("gradops-fixed-points", SOURCE + ", Theorem 1 with the fallback", "fallback mgda",
          covers=with_fallback),
    fails("gradops-fixed-points", "fallback none, T > d",
          case(((0, 1), (1, 1), (1, -2)), alpha=0.0, fallback="none"), covers=without_fallback),
    *CONTINUITY,
    holds("any-weights", SOURCE + ", section 2"),
)  # fmt: skip

"""What is claimed of Krum."""

from properties.claims.claim import Params
from properties.claims.words import GENERAL, case, fails, holds

SOURCE = "Blanchard et al. 2017 (Krum), from general knowledge"
APART = ((1,), (-1,), (-1,))

GRID: tuple[Params, ...] = (
    {"n_byzantine": 0.0, "n_selected": 1.0},
    {"n_byzantine": 0.0, "n_selected": 2.0},
    {"n_byzantine": 1.0, "n_selected": 1.0},
    {"n_byzantine": 1.0, "n_selected": 3.0},
)

# Of these, distances and their squares choose differently.
EDGES = (case(((0,), (1,), (2,), (3,), (7,), (8,))),)


def enough(tasks: int, params: Params) -> bool:
    """T >= n_byzantine + 3 and T >= n_selected."""
    others = tasks - float(str(params.get("n_byzantine", 0.0)))
    return others >= 3 and float(str(params.get("n_selected", 1.0))) <= tasks  # noqa: PLR2004


CLAIMS = (
    *[holds(law, SOURCE, "T >= f + 3", covers=enough) for law in GENERAL],
    fails("row-scaling", "T >= 3", case(((1, 1), (-1, 0), (0, -1), (0, 1)),
          extra={"factors": [2.0, 1.0, 1.0, 1.0]}), covers=enough),
    fails("non-conflict", "T >= 3", case(APART), covers=enough),
    fails("stationary", "T >= 3", case(APART), covers=enough),
    holds("krum-choice", SOURCE, "T >= f + 3", covers=enough),
)  # fmt: skip

"""What is claimed of GradNorm."""

from collections.abc import Mapping
from typing import Any

from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Params
from properties.claims.words import WEIGHING, case, general, holds, several
from properties.example import Rows, Step
from properties.laws.gradnorm import clear_of_targets
from properties.losses import drawn, positive

SOURCE = "Chen et al. 2018 (GradNorm), Algorithm 1"
ROWS = ((3.0, 4.0), (0.0, 2.0))

GRID: tuple[Params, ...] = (
    {"alpha": 1.5, "learning_rate": 0.03125},
    {"alpha": 0.5, "learning_rate": 0.125},
    {"alpha": 0.0, "learning_rate": 0.03125},
    {"alpha": -0.5, "learning_rate": 0.03125},
    {"alpha": 0.125, "learning_rate": 0.03125},
)


def _given(losses: tuple[float, ...], initial: tuple[float, ...]) -> Mapping[str, Any]:
    return {"losses": losses, "initial_losses": initial, "weights": (0.75, 1.25)}


CLAIMS = (
    *general(laws=WEIGHING),
    holds("gradnorm-force", SOURCE, "T > 1, weights > 0, no norm within an eighth of its target",
          domain=clear_of_targets, covers=several),
    holds("gradnorm-lengths", SOURCE, "no norm within an eighth of its target",
          domain=clear_of_targets, covers=several),
    holds("loss-units", SOURCE),
)  # fmt: skip

EDGES = (
    case(ROWS, inputs=_given((1.0, 3.0), (2.0, 2.0))),
    case(ROWS, inputs=_given((1.0, 3.0), (2.0, 2.0)),
         earlier=(Step(ROWS, _given((2.0, 2.5), (2.0, 8.0))),)),
    case(ROWS, inputs=_given((2.0, 0.5), (1.0, 1.0)),
         earlier=(Step(ROWS, _given((4.0, 0.25), (0.5, 8.0))),
                  Step(ROWS, _given((1.0, 4.0), (1.0, 1.0))))),
)  # fmt: skip


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Losses, initial losses and weights, positive."""
    return drawn(rows, dtype, losses=positive, initial_losses=positive, weights=positive)

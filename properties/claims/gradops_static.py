"""What is claimed of GradOPS-static."""

from properties.claims.claim import Covers, Params, always
from properties.claims.words import GENERAL, case, fails, holds, one, several

SOURCE = "GradOPS (arXiv 2503.03438), section 4.4"

GRID: tuple[Params, ...] = (
    {"weights": 1.0}, {"weights": (0.5, 1.5)}, {"weights": (0.25, 2.5, 0.25)},
)  # fmt: skip
MAIN = 3


def fitting(covers: Covers = always) -> Covers:
    """Those T for which a list of weights has as many."""

    def inside(tasks: int, params: Params) -> bool:
        weights = params.get("weights", 1.0)
        listed = isinstance(weights, (tuple, list))
        return covers(tasks, params) and (not listed or len(weights) == tasks)  # type: ignore[arg-type]

    return inside


CLAIMS = (
    *[holds(law, SOURCE, covers=fitting()) for law in GENERAL],
    holds("single-task", SOURCE, "T = 1", covers=fitting(one)),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}),
          covers=several),
    holds("non-conflict", SOURCE, covers=fitting()),
    holds("strong-non-conflict", SOURCE, covers=fitting()),
    holds("stationary", SOURCE, "a positive combination of non-zero rows is 0", covers=fitting(),
          families=("stationary",)),
    holds("static-sum", SOURCE, covers=fitting()),
)  # fmt: skip

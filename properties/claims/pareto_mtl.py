"""What is claimed of Pareto-MTL."""

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several
from properties.example import Given, Rows
from properties.laws.aggregators import GENERAL

SOURCE = "Lin et al. 2019 (Pareto-MTL)"
GRID = (
    {"region": 0.0, "phase": "second"},
    {"region": 0.0, "phase": "first"},
    {"region": 1.0, "phase": "second"},
)
MAIN = 2


@st.composite
def inputs(draw: st.DrawFn, rows: Rows, _dtype: str) -> Given:
    """Losses, and two to four vectors of preference, of small whole numbers that are not negative.

    Small ones meet with equality often, where a constraint is not active.
    """
    tasks = len(rows)
    vector = st.tuples(*[st.integers(0, 3).map(float)] * tasks)
    vectors = draw(st.lists(vector, min_size=2, max_size=4).map(tuple))
    return {"losses": draw(vector), "preferences": vectors}


def second(_tasks: int, params: Params) -> bool:
    """The phase that descends."""
    return params["phase"] == "second"


def _second_of_several(tasks: int, params: Params) -> bool:
    return second(tasks, params) and several(tasks, params)


AXES = {"losses": (1.0, 1.0), "preferences": ((1.0, 0.0), (0.0, 1.0))}

CLAIMS = (
    *general(without=("single-task", "accuracy")),
    holds("accuracy", SOURCE, "rows of like lengths: the corners of the hull may be formed first",
          families=tuple(family for family in GENERAL if family != "badly_scaled")),
    fails("row-scaling", "second phase, T >= 2",
          case(((1, 0), (0, 1)), inputs=AXES, extra={"factors": [2.0, 1.0]}),
          covers=_second_of_several),
    holds("non-conflict", SOURCE, "second phase", covers=second),
    holds("stationary", SOURCE, "second phase, 0 lies in the tasks' hull", covers=second,
          families=("stationary", "stationary_face", "antiparallel", "zero_row")),
    holds("pmtl-active", SOURCE, "rows of like lengths, for the same reason",
          families=tuple(family for family in GENERAL if family != "badly_scaled")),
)  # fmt: skip

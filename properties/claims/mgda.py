"""What is claimed of MGDA."""

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several
from properties.example import Example, Given, Rows

SOURCE = "Sener, Koltun 2018 (MGDA)"
OPPOSED = ((1,), (-2,))

GRID: tuple[Params, ...] = (
    {"normalization": "none"},
    {"normalization": "l2"},
    {"normalization": "loss"},
    {"normalization": "loss+"},
)
MAIN = 2


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """Positive losses that every dtype holds."""
    loss = st.integers(1, 64).map(lambda count: count / 8)
    return st.tuples(*[loss] * len(rows)).map(lambda drawn: {"losses": drawn})


def _plain(_tasks: int, params: Params) -> bool:
    return params["normalization"] == "none"


def _unit(tasks: int, params: Params) -> bool:
    return several(tasks, params) and params["normalization"] == "l2"


def _by_loss(tasks: int, params: Params) -> bool:
    return several(tasks, params) and str(params["normalization"]).startswith("loss")


def _divisible(example: Example) -> bool:
    return example.params.get("normalization", "none") in {"none", "loss"} or all(
        map(any, example.rows)
    )


SCALED = case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}, normalization="none")

CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2", SCALED, covers=several),
    holds("non-conflict", SOURCE + ", Theorem 1", "normalization none", covers=_plain),
    fails("non-conflict", "l2, T >= 2", case(OPPOSED, normalization="l2"), covers=_unit),
    fails("non-conflict", "loss or loss+, T >= 2",
          case(((-1,), (1,)), inputs={"losses": (1.0, 2.0)}, normalization="loss"),
          covers=_by_loss),
    holds("stationary", SOURCE, "0 lies in the hull, normalization none", covers=_plain,
          families=("stationary", "stationary_face", "antiparallel", "zero_row")),
    fails("stationary", "l2, T >= 2", case(OPPOSED, normalization="l2"), covers=_unit),
    holds("mgda-kkt", SOURCE, "for the rows that make the hull", domain=_divisible),
    holds("mgda-gap", "the Frank-Wolfe gap", "normalization none", covers=_plain),
    holds("mgda-descent", "Desideri 2012", "normalization none", covers=_plain),
)  # fmt: skip

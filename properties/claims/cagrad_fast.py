"""What is claimed of CAGrad-Fast."""

from hypothesis import strategies as st

from mtl_reference.enclosure import Vector
from mtl_reference.rational import RationalVector, rational
from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, where
from properties.example import Example, Given, Rows

SOURCE = "Liu, Liu, Jin, Stone, Liu 2021 (CAGrad), eq. (4)"

GRID: tuple[Params, ...] = ({"c": 0.5}, {"c": 0.0}, {"c": 1.0}, {"c": 2.0})


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """The sampled tasks: any number of them, in any order."""
    tasks = st.permutations(range(len(rows)))
    counts = st.integers(0, len(rows))
    return st.tuples(tasks, counts).map(lambda drawn: {"sample": tuple(drawn[0][: drawn[1]])})


def single_task(row: RationalVector, params: Params) -> Vector:
    """One task's gradient, times 1 + c."""
    factor = 1 + rational(float(params["c"]))  # type: ignore[arg-type]  # a number
    return tuple(factor * entry for entry in row)


def _one_left_out(example: Example) -> bool:
    return len(example.random["sample"]) >= example.tasks - 1


CLAIMS = (
    *general(),
    fails("row-scaling", "T >= 2",
          case(((1, 0), (0, 1)), extra={"factors": [2.0, 1.0]}, random={"sample": (0,)}, c=0.5),
          covers=several),
    holds("non-conflict", SOURCE, "c >= 1, and at most one task is left out",
          covers=where("c", lambda c: c >= 1), domain=_one_left_out),
    fails("non-conflict", "two tasks are left out",
          case(((1,), (-2,)), random={"sample": ()}, c=1.0), covers=several),
    holds("cagrad-feasible", SOURCE),
    holds("cagrad-c0", SOURCE, "c = 0", covers=where("c", lambda c: c == 0)),
    holds("cagrad-fast", SOURCE),
)  # fmt: skip

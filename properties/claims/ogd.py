"""What is claimed of OGD."""

from typing import Any

from hypothesis import strategies as st

from properties.claims.words import case, fails, general, holds
from properties.example import Given, Rows

SOURCE = "Farajtabar et al. 2020 (OGD)"


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """The first row is the gradient; the basis is of signed coordinate vectors, or of any rows."""
    width = len(rows[0])
    signs = st.tuples(*[st.sampled_from((1.0, -1.0))] * width)
    places = st.lists(st.integers(0, width - 1), min_size=1, max_size=width, unique=True)
    axes = st.tuples(places, signs).map(
        lambda drawn: tuple(_axis(width, place, drawn[1][place]) for place in drawn[0])
    )
    given: Any = st.one_of(axes, st.just(rows[1:] or rows))
    return st.builds(lambda basis: {"gradient": rows[0], "basis": basis}, given)


def _axis(width: int, place: int, sign: float) -> tuple[float, ...]:
    return tuple(sign if place == other else 0.0 for other in range(width))


TWICE = {"gradient": (1.0,), "basis": ((1.0,),)}

CLAIMS = (
    *general(without=("permutation", "single-task", "homogeneous", "homogeneous-range")),
    fails("homogeneous", "gradient and basis together",
          case(inputs=TWICE, extra={"scale": 2.0}), "the basis stays as it is"),
    holds("ogd-parts", SOURCE + ", Algorithm 1"),
)  # fmt: skip

"""What is claimed of EPO."""

from dataclasses import replace

from hypothesis import strategies as st

from mtl_reference import METHODS
from properties.claims.words import case, fails, general, holds, several
from properties.example import Example, Given, Rows
from properties.laws.aggregators import GENERAL

SOURCE = "Mahapatra, Rajan 2020 (EPO)"
GRID = (
    {"mode": "restricted", "threshold": 2.0**-13},
    {"mode": "relaxed", "threshold": 2.0**-13},
    {"mode": "restricted", "threshold": 0.5},
)


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """Losses and a preference of small whole numbers; or losses that the preference balances."""
    tasks = len(rows)
    small = st.tuples(*[st.integers(1, 4).map(float)] * tasks)
    balanced = small.map(lambda r: {"losses": tuple(12 / each for each in r), "preference": r})
    return st.one_of(st.fixed_dictionaries({"losses": small, "preference": small}), balanced)


def one_optimum(example: Example) -> bool:
    """Whether the program has one best vertex."""
    given = {"jacobian": example.rows, **example.inputs}
    return METHODS["epo"].answer(given, None, example.params).kind == "exact"


ONE = "the program has one best vertex"
EVEN = {"losses": (1.0, 1.0), "preference": (1.0, 1.0)}

EVERYWHERE = ("shape", "invalid-input")

# A vertex flips to its neighbour where rounding cannot tell their values, and the judge does not
# follow such flips: rows whose lengths differ by many powers of two leave most of them open.
EVEN_ROWS = tuple(family for family in GENERAL if family != "badly_scaled")

CLAIMS = (
    *general(laws=EVERYWHERE),
    *(
        replace(row, when=ONE, domain=one_optimum)
        for row in general(without=(*EVERYWHERE, "accuracy"))
    ),
    holds("accuracy", SOURCE, f"{ONE}; rows of lengths not far apart", domain=one_optimum,
          families=EVEN_ROWS),
    fails("row-scaling", "T >= 2",
          case(((0, 1), (1, -1)), inputs=EVEN, extra={"factors": [4.0, 1.0]}), covers=several),
    holds("epo-lp", SOURCE, ONE, domain=one_optimum),
)  # fmt: skip

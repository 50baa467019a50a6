"""What is claimed of the conflict histogram."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.jacobians import PRECISION

GRID: tuple[Params, ...] = (
    {"edges": (0.0, -0.25, -0.5, -0.75)},
    {"edges": (0.0, -0.0078125, -0.015625, -0.0234375)},
    {"edges": (-0.5,)},
)
MAIN = 1

CLAIMS = (
    *general(laws=("shape", "deterministic", "invalid-input", "accuracy")),
    holds("conflict-histogram", "Shi et al. 2023 (Recon), tables 8 to 10"),
)

EDGES = (
    case(inputs={"cosines": (1.0, 0.0, -0.25, -0.5, -0.75, -1.0)}, edges=(0.0, -0.25, -0.5, -0.75)),
    case(inputs={"cosines": (0.0, -0.125)}, edges=(0.0, -0.25, -0.5, -0.75)),
    case(inputs={"cosines": (-0.5, -0.5, 0.25)}, edges=(-0.5,)),
)


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """One to twelve cosines: on the edges, or anywhere."""
    bits = PRECISION[dtype]
    coarse = st.integers(-128, 128).map(lambda n: n / 128)
    fine = st.integers(-(2**bits), 2**bits).map(lambda n: n / 2.0**bits)
    cosines = st.lists(st.one_of(coarse, fine), min_size=1, max_size=12).map(tuple)
    return st.fixed_dictionaries({"cosines": cosines})

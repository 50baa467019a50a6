"""What is claimed of angle errors."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from properties.claims.claim import Params
from properties.claims.words import case, general, holds
from properties.example import Rows
from properties.losses import shares

MEASURING = ("shape", "deterministic", "invalid-input", "accuracy")
X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
NONE = (0.0, 0.0, 0.0)

GRID: tuple[Params, ...] = ({"degrees": 11.25}, {"degrees": 30.0}, {"degrees": 90.0})

CLAIMS = (*general(laws=MEASURING), holds("metric-definition", when="a pixel has a normal"))

EDGES = (
    case(inputs={"predicted_normals": ((0.5, 0.25, 0.75), (0.75, 0.0, 0.5), X, (0.25, 0.5, 0.5)),
                 "true_normals": (Z, (0.5, 0.5, 0.5), NONE, (0.75, 0.0, 0.25))}),
    case(inputs={"predicted_normals": ((0.125, 0.5, 0.75), (0.5, 0.5, 0.625)),
                 "true_normals": (Y, (-0.5, 0.5, -0.625))}),
)  # fmt: skip


@st.composite
def _pixels(draw: st.DrawFn, dtype: str) -> Mapping[str, Any]:
    """Entries below 9/16 in size, so that no product is clamped and no normal sums to 0."""
    count = draw(st.integers(1, 6))
    entry = shares(dtype).map(lambda share: share / 2)
    normal = st.tuples(entry, entry, entry)
    signs = st.sampled_from((1.0, -1.0))
    found = [draw(st.tuples(signs, normal)) for _ in range(count)]
    known = (True, *draw(st.tuples(*[st.booleans()] * (count - 1))))
    exact = [draw(normal) if there else NONE for there in known]
    return {
        "predicted_normals": tuple(tuple(sign * x for x in row) for sign, row in found),
        "true_normals": tuple(exact),
    }


def inputs(_rows: Rows, dtype: str) -> st.SearchStrategy[Mapping[str, Any]]:
    """Up to six pixels, some without a normal."""
    return _pixels(dtype)

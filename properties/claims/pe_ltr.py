"""What is claimed of PE-LTR."""

from hypothesis import strategies as st

from mtl_reference.rational import jacobian
from properties.claims.claim import Params
from properties.claims.words import case, fails, general, holds, several, three, up_to_two
from properties.example import Example, Given, Rows

SOURCE = "Lin et al. 2019 (PE-LTR)"
GRID = ({"solver": "exact"}, {"solver": "two-stage"})
STEPS = 16  # floors are multiples of one sixteenth, which every dtype holds


def inputs(rows: Rows, _dtype: str) -> st.SearchStrategy[Given]:
    """Floors that are not negative and sum to at most one."""
    most = STEPS // len(rows)
    floors = st.tuples(*[st.integers(0, most)] * len(rows))
    return floors.map(lambda drawn: {"floors": tuple(each / STEPS for each in drawn)})


def exact(_tasks: int, params: Params) -> bool:
    """The minimum."""
    return params["solver"] == "exact"


def two_stage(_tasks: int, params: Params) -> bool:
    """The paper's solver."""
    return params["solver"] == "two-stage"


def no_affine_dependence(example: Example) -> bool:
    """Whether no row is an affine combination of the others."""
    raised = jacobian([(*row, 1.0) for row in example.rows])
    return bool(raised.gramian().det() != 0)


def _two_stage_up_to_two(tasks: int, params: Params) -> bool:
    return two_stage(tasks, params) and up_to_two(tasks, params)


def _two_stage_three(tasks: int, params: Params) -> bool:
    return two_stage(tasks, params) and three(tasks, params)


APART = "two-stage, no row an affine combination of the others"
EQUAL = {"floors": (0.5, 0.5)}
NONE = {"floors": (0.0, 0.0)}

CLAIMS = (
    *general(without=("accuracy",)),
    holds("accuracy", SOURCE, "exact", covers=exact),
    holds("accuracy", SOURCE, APART, covers=two_stage, domain=no_affine_dependence),
    fails("row-scaling", "T >= 2",
          case(((1, 0), (0, 1)), inputs=NONE, extra={"factors": [2.0, 1.0]}), covers=several),
    fails("non-conflict", "T >= 2, floors not 0", case(((1,), (-2,)), inputs=EQUAL),
          covers=several),
    fails("stationary", "T >= 2, floors not 0", case(((1,), (-2,)), inputs=EQUAL), covers=several),
    holds("peltr-bounds", SOURCE, "exact", covers=exact),
    holds("peltr-bounds", SOURCE, APART, covers=two_stage, domain=no_affine_dependence),
    holds("peltr-optimal", "MGDA's conditions for the rows G'c + s g_i", "exact", covers=exact),
    holds("peltr-optimal", "a parabola on a segment", f"T <= 2, {APART}",
          covers=_two_stage_up_to_two, domain=no_affine_dependence),
    fails("peltr-optimal", "two-stage, T >= 3",
          case(((-2,), (-1,), (0,)), inputs={"floors": (0.0, 0.0, 0.0)}, solver="two-stage"),
          covers=_two_stage_three),
)  # fmt: skip

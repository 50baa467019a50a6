"""What is claimed of GradDrop."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from properties.claims.claim import Covers, Params
from properties.claims.words import case, fails, holds, one, several
from properties.draws import fraction, real, vector
from properties.example import Example, Rows

SOURCE = "Chen et al. 2020 (GradDrop), Algorithm 1"

GRID: tuple[Params, ...] = (
    {"leak": 0.0, "f": "identity"},
    {"leak": 0.25, "f": "identity"},
    {"leak": (0.5, 0.0, 1.0), "f": "identity"},
    {"leak": 0.0, "f": "smoothstep"},
)


def fitting(covers: Covers) -> Covers:
    """Those T for which a list of leaks has as many."""

    def inside(tasks: int, params: Params) -> bool:
        leak = params.get("leak", 0.0)
        return covers(tasks, params) and (not isinstance(leak, (tuple, list)) or len(leak) == tasks)

    return inside


def plain(example: Example) -> bool:
    """Whether it is the gradient form, without a representation."""
    return "representation" not in example.inputs


def inputs(rows: Rows, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    """Uniforms; one time in four a representation, of one or two samples."""
    width = len(rows[0])
    gradients = st.fixed_dictionaries({"uniforms": vector(width, fraction(dtype))})
    samples = st.sampled_from((1, 2) if width % 2 == 0 else (1,))
    units = samples.flatmap(lambda count: _units(count, width // count, dtype))
    return st.one_of(gradients, gradients, gradients, units)


def _units(samples: int, size: int, dtype: str) -> SearchStrategy[Mapping[str, Any]]:
    table = st.tuples(*[vector(size, real(dtype))] * samples)
    drawn = {"representation": table, "uniforms": vector(size, fraction(dtype))}
    return st.fixed_dictionaries(drawn)


EDGES = (  # tasks that agree, at a length that is little beside an absolute constant
    case(((2.0**-26,), (2.0**-26,)), random={"uniforms": (0.75,)}, leak=0.0, f="identity"),
)
OPPOSED = case(((1,), (-2,)), random={"uniforms": (0.75,)}, leak=0.0, f="identity")

CLAIMS = (
    *[holds(law, SOURCE, covers=fitting(lambda _tasks, _params: True))
      for law in ("shape", "deterministic", "permutation", "homogeneous", "homogeneous-range",
                  "invalid-input", "accuracy")],
    holds("zero-padding", SOURCE, "the gradient form",
          covers=fitting(lambda _tasks, _params: True), domain=plain),
    holds("single-task", SOURCE, "T = 1, the gradient form", covers=fitting(one), domain=plain),
    fails("orthogonal", "T >= 2", case(((1, 1), (-1, 1)), random={"uniforms": (0.25, 0.75)},
          extra={"matrix": [[0, 1], [1, 0]], "factor": 1}), covers=several),
    fails("span", "T >= 2", case(((1, 1, 0), (-1, 1, 1)), random={"uniforms": (0.25,) * 3}),
          covers=several),
    fails("row-scaling", "T >= 2", case(((1, 0), (0, 1)), random={"uniforms": (0.5, 0.5)},
          extra={"factors": [2.0, 1.0]}), covers=several),
    fails("non-conflict", "T >= 2", OPPOSED, covers=several),
    fails("stationary", "T >= 2", OPPOSED, covers=several),
    holds("graddrop-law", SOURCE, "uniforms are given",
          covers=fitting(lambda _tasks, _params: True)),
    holds("graddrop-draws", SOURCE, "uniforms are not given, T = 3",
          covers=fitting(lambda tasks, params: tasks == 3  # noqa: PLR2004  (its rows have three)
                         and not params.get("leak") and params.get("f") == "identity")),
)  # fmt: skip

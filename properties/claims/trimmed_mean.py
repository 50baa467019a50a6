"""What is claimed of the trimmed mean."""

from properties.claims.claim import Params
from properties.claims.words import case, fails, holds, one

SOURCE = "Yin et al. 2018 (trimmed mean), from general knowledge"

GRID: tuple[Params, ...] = ({"trim_number": 1.0}, {"trim_number": 0.0}, {"trim_number": 2.0})


def enough(tasks: int, params: Params) -> bool:
    """T > 2 b."""
    return tasks > 2 * float(str(params.get("trim_number", 0.0)))


def trimming(tasks: int, params: Params) -> bool:
    """T > 2 b > 0."""
    return enough(tasks, params) and float(str(params.get("trim_number", 0.0))) > 0


CLAIMS = (
    *[holds(law, SOURCE, "T > 2 b", covers=enough)
      for law in ("shape", "deterministic", "permutation", "zero-padding", "homogeneous",
                  "homogeneous-range", "invalid-input", "accuracy")],
    holds("single-task", SOURCE, "T = 1",
          covers=lambda tasks, params: one(tasks, params) and enough(tasks, params)),
    fails("orthogonal", "b > 0", case(((1, 0), (0, 1), (0, 0)), trim_number=1.0,
          extra={"matrix": [[3, -4], [4, 3]], "factor": 5}), covers=trimming),
    fails("span", "b > 0", case(((0, 0, 0), (1, 1, 0), (0, 1, 1)), trim_number=1.0),
          covers=trimming),
    fails("row-scaling", "b > 0", case(((0, 1), (1, 0), (1, 2)), trim_number=1.0,
          extra={"factors": [2.0, 1.0, 1.0]}), covers=trimming),
    fails("non-conflict", "b > 0", case(((-1,), (1,), (1,)), trim_number=1.0), covers=trimming),
    fails("stationary", "b > 0", case(((-1,), (1,), (1,)), trim_number=1.0), covers=trimming),
    holds("trimmed-middle", SOURCE, "T > 2 b", covers=enough),
)  # fmt: skip

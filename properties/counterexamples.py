"""The smallest known counterexamples to laws that fail, as exact numbers.

Smallest means: fewest tasks, then fewest parameters, then the least sum of absolute entries, among
whole entries (continuity needs a small step, a power of two).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from properties.example import Example
from properties.laws.gradops import natural_orders


def _case(method: str, rows: Sequence[Sequence[float]], *, params: Mapping[str, float | str] | None
          = None, extra: Mapping[str, object] | None = None) -> Example:  # fmt: skip
    """Example of a method; PCGrad's tasks meet the others in the order of their numbers."""
    exact = tuple(tuple(float(entry) for entry in row) for row in rows)
    orders = natural_orders(len(rows)) if method == "pcgrad" else None
    return Example(method, exact, params or {}, orders, extra or {})


AXES = ((1, 0), (0, 1))
DOUBLED = {"factors": [2.0, 1.0]}
OPPOSED = ((1,), (-2,))
TURN = ((0, 1), (1, -1), (-1, 0))
STEP = 2.0**-10

COUNTEREXAMPLES: Mapping[tuple[str, str], Example] = MappingProxyType({
    ("cagrad", "non-conflict"): _case("cagrad", OPPOSED, params={"c": 0.5}),
    ("cagrad", "row-scaling"): _case("cagrad", AXES, params={"c": 0.5}, extra=DOUBLED),
    ("cagrad", "stationary"): _case("cagrad", OPPOSED, params={"c": 0.5}),
    ("gradops", "gradops-continuity"): _case(
        "gradops", ((2, 0), (STEP, 1), (0, 1)), extra={"moved": [[2, 0], [-STEP, 1], [0, 1]]},
        params={"alpha": 0.0, "fallback": "mgda"},
    ),
    ("gradops", "gradops-fixed-points"): _case(
        "gradops", ((0, 1), (1, 1), (1, -2)), params={"alpha": 0.0, "fallback": "none"},
    ),
    ("gradops", "gradops-two-tasks"): _case(
        "gradops", ((0, 0, 1), (0, 1, 0), (1, -1, -1)),
        params={"alpha": -2.0, "fallback": "mgda"},
    ),
    ("gradops", "pcgrad-is-gradops"): _case(
        "gradops", ((0, 1), (0, 1), (1, -1)), params={"alpha": 0.0, "fallback": "mgda"},
    ),
    ("gradops", "row-scaling"): _case(
        "gradops", AXES, params={"alpha": 0.0, "fallback": "mgda"}, extra=DOUBLED,
    ),
    ("imtl_g", "non-conflict"): _case(
        "imtl_g", ((0, 0, 1), (0, 1, 2), (1, -1, 1)),
    ),
    ("mean", "non-conflict"): _case("mean", OPPOSED),
    ("mean", "row-scaling"): _case("mean", AXES, extra=DOUBLED),
    ("mean", "stationary"): _case("mean", OPPOSED),
    ("mgda", "row-scaling"): _case("mgda", AXES, extra=DOUBLED),
    ("pcgrad", "non-conflict"): _case("pcgrad", TURN),
    ("pcgrad", "pcgrad-is-gradops"): _case("pcgrad", ((0, 1), (0, 1), (1, -1))),
    ("pcgrad", "row-scaling"): _case("pcgrad", AXES, extra=DOUBLED),
    ("pcgrad", "stationary"): _case("pcgrad", TURN),
    ("pcgrad", "strong-non-conflict"): _case("pcgrad", ((0, 1), (1, 0), (-1, -1))),
    ("sum", "non-conflict"): _case("sum", OPPOSED),
    ("sum", "row-scaling"): _case("sum", AXES, extra=DOUBLED),
    ("sum", "stationary"): _case("sum", OPPOSED),
})  # fmt: skip

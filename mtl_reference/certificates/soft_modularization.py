"""Why weights by temperature are right: their sum, and the ratios of any two."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import added
from mtl_reference.rational import root_above
from mtl_reference.transcendental import exponential


def certificate(
    temperatures: Sequence[fmpq], outputs: Outputs, *, form: str = "paper"
) -> Iterator[Residual]:
    """Conditions on "weights" (T,), k being the task with the lowest temperature.

    The paper's form: sum w = 1 and w_i = w_k e^(alpha_k - alpha_i). The code's: sum w = T and
    w_i alpha_i = w_k alpha_k; nothing is asked where a temperature is not positive.
    """
    weights = cast("Vector | None", outputs.get("weights"))
    printed = form == "paper"
    if weights is None or (not printed and min(temperatures) <= 0):
        return
    tasks = range(len(temperatures))
    slope = {"weights": root_above(fmpq(len(temperatures)))}
    whole = 1 if printed else len(temperatures)
    yield Residual("sum of weights", Relation.ZERO, added(weights) - whole, slope)
    low = min(tasks, key=lambda task: temperatures[task])
    for task in tasks:
        here, least = temperatures[task], temperatures[low]
        share = exponential(least - here) if printed else least / here
        value = weights[task] - weights[low] * share
        if task != low:
            yield Residual(f"ratio {task}-{low}", Relation.ZERO, value, {"weights": fmpq(2)})

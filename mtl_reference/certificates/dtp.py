"""Why weights of dynamic task prioritization are right: the indicators that they stand for."""

from collections.abc import Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector
from mtl_reference.method import Outputs, Relation, Residual, State, finite
from mtl_reference.pairing import size_above
from mtl_reference.transcendental import exponential, power


def certificate(
    kpis: Sequence[fmpq],
    outputs: Outputs,
    *,
    gamma: float = 1.0,
    alpha: float = 0.5,
    state: State | None = None,
) -> Iterator[Residual]:
    """Conditions on "weights" (T,): e^(-w / (1 - kappa)^gamma) = kappa, w = 0 where kappa = 1.

    Nothing is asked where a smoothed indicator is not in (0, 1].
    """
    share = finite("alpha", alpha)
    before = kpis if state is None else cast("Sequence[fmpq]", state["kpis"])
    smooth = [old + share * (new - old) for new, old in zip(kpis, before, strict=True)]
    for task, weight in enumerate(cast("Vector", outputs.get("weights", ()))):
        kappa = smooth[task]
        if kappa == 1:
            yield Residual(f"best {task}", Relation.ZERO, weight, {"weights": fmpq(1)})
        elif 0 < kappa < 1:
            focus = power(1 - kappa, finite("gamma", gamma))
            value = exponential(-weight / focus) - kappa
            steepness = kappa * size_above(1 / focus)
            slopes: dict[str, Number] = {"weights": 2 * steepness}
            yield Residual(f"indicator {task}", Relation.ZERO, value, slopes)

"""Dynamic task prioritization in numpy."""

from collections.abc import Mapping

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs

State = Mapping[str, Array]


def answer(
    kpis: Array, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> tuple[Outputs, State]:
    """Focal weights of the smoothed indicators, and these."""
    kappas = kpis if state is None else state["kappas"] + alpha * (kpis - state["kappas"])
    if (kappas <= 0).any() or (kappas > 1).any():
        message = "dtp is undefined: an indicator is not in (0, 1]"
        raise ValueError(message)
    return {"weights": -np.log(kappas) * (1 - kappas) ** gamma}, {"kappas": kappas}

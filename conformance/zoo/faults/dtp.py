"""Ways in which dynamic task prioritization goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import dtp as sound
from conformance.zoo.transcription.dtp import State
from conformance.zoo.transcription.shapes import Outputs


def unfocused(
    kpis: Array, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> tuple[Outputs, State]:
    """Take the power of the indicator in place of what it lacks."""
    kappas = sound.answer(kpis, gamma=gamma, alpha=alpha, state=state)[1]["kappas"]
    return {"weights": -np.log(kappas) * kappas**gamma}, {"kappas": kappas}


def swapped(
    kpis: Array, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> tuple[Outputs, State]:
    """Give the old indicators the share of the new ones."""
    return sound.answer(kpis, gamma=gamma, alpha=1 - alpha, state=state)


def unsmoothed(
    kpis: Array, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> tuple[Outputs, State]:
    """Smooth nothing."""
    del state
    return sound.answer(kpis, gamma=gamma, alpha=alpha)


def binary(
    kpis: Array, *, gamma: float = 1.0, alpha: float = 0.5, state: State | None = None
) -> tuple[Outputs, State]:
    """Take logarithms to the base 2."""
    outputs, after = sound.answer(kpis, gamma=gamma, alpha=alpha, state=state)
    return {"weights": outputs["weights"] / np.log(2.0)}, after


FAULTS = (
    Fault(
        "dtp_unfocused",
        "dtp",
        "Takes kappa^gamma for (1 - kappa)^gamma.",
        ("accuracy",),
        unfocused,
    ),
    Fault(
        "dtp_swapped",
        "dtp",
        "Smooths with the share of the new indicator on the old one.",
        ("sequence",),
        swapped,
    ),
    Fault(
        "dtp_unsmoothed",
        "dtp",
        "Forgets the indicators of earlier steps.",
        ("sequence",),
        unsmoothed,
    ),
    Fault("dtp_binary", "dtp", "Takes logarithms to the base 2.", ("accuracy",), binary),
)

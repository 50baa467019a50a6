"""Ways in which soft modularization's task weights go wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import soft_modularization as sound
from conformance.zoo.transcription.shapes import Outputs


def other_form(temperatures: Array, *, form: str = "paper") -> Outputs:
    """Take the released formula, divided by T, for the printed one."""
    del form
    return {"weights": sound.answer(temperatures, form="code")["weights"] / len(temperatures)}


def rising(temperatures: Array, *, form: str = "paper") -> Outputs:
    """Give the most random task the largest weight."""
    if form == "paper":
        return sound.answer(-temperatures, form=form)
    return sound.answer(1 / temperatures, form=form)


def logarithmic(temperatures: Array, *, form: str = "paper") -> Outputs:
    """Take the softmax of the temperatures' logarithms, which code learns in place of them."""
    sound.answer(temperatures, form="code")  # refuses what is undefined
    whole = 1 if form == "paper" else len(temperatures)
    powers = temperatures / temperatures.max()
    return {"weights": np.asarray(whole * powers / powers.sum())}


FAULTS = (
    Fault(
        "soft_modularization_other_form",
        "soft_modularization",
        "Weighs by 1 / alpha, as the released code does, under the paper's name.",
        ("accuracy",),
        other_form,
    ),
    Fault(
        "soft_modularization_rising",
        "soft_modularization",
        "Leaves out the minus, so that the most random task counts most.",
        ("temperature-order",),
        rising,
    ),
    Fault(
        "soft_modularization_logarithmic",
        "soft_modularization",
        "Takes the softmax of log alpha, the parameter that is learnt, without a minus.",
        ("temperature-order",),
        logarithmic,
    ),
)

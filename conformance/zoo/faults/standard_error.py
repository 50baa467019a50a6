"""Ways in which standard errors go wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import standard_error as sound
from conformance.zoo.transcription.shapes import Outputs


def biased(figures: Array) -> Outputs:
    """Divide by n in the variance."""
    share = np.sqrt((len(figures) - 1) / len(figures))
    return {"figure": sound.answer(figures)["figure"] * share}


def deviation(figures: Array) -> Outputs:
    """Give the deviation itself."""
    return {"figure": sound.answer(figures)["figure"] * np.sqrt(len(figures))}


def shortcut(figures: Array) -> Outputs:
    """Take the mean square less the squared mean, which cancels."""
    sound.answer(figures)  # refuses what is undefined
    count = len(figures)
    variance = max(0.0, float((figures**2).mean() - figures.mean() ** 2)) * count / (count - 1)
    return {"figure": np.asarray(np.sqrt(variance / count))}


FAULTS = (
    Fault("standard_error_biased", "standard_error", "Divides by n where n - 1 is due.",
          ("metric-definition",), biased),
    Fault("standard_error_deviation", "standard_error", "Forgets the root of n.",
          ("metric-definition",), deviation),
    Fault("standard_error_shortcut", "standard_error", "Subtracts the squared mean from the mean"
          " square, as a single pass does.", ("accuracy",), shortcut),
)  # fmt: skip

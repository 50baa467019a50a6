"""Ways in which depth errors go wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import depth_errors as sound
from conformance.zoo.transcription.shapes import Outputs


def unmasked(predicted_depths: Array, *, depths: Array) -> Outputs:
    """Count the pixels without a depth in the divisor."""
    found = sound.answer(predicted_depths, depths=depths)
    share = (depths != 0).mean()
    return {name: figure * share for name, figure in found.items()}


def by_prediction(predicted_depths: Array, *, depths: Array) -> Outputs:
    """Divide by what was predicted."""
    found, known = sound.answer(predicted_depths, depths=depths), depths != 0
    gaps = np.abs(predicted_depths - depths)[known]
    return {**found, "relative": np.asarray((gaps / np.abs(predicted_depths[known])).mean())}


def per_cent(predicted_depths: Array, *, depths: Array) -> Outputs:
    """Multiply the relative error by 100."""
    found = sound.answer(predicted_depths, depths=depths)
    return {**found, "relative": 100 * found["relative"]}


FAULTS = (
    Fault("depth_errors_unmasked", "depth_errors", "Divides by all pixels, those without a depth"
          " among them.", ("metric-definition",), unmasked),
    Fault("depth_errors_by_prediction", "depth_errors", "Divides by the prediction.",
          ("metric-definition",), by_prediction),
    Fault("depth_errors_per_cent", "depth_errors", "Gives the relative error in per cent.",
          ("metric-definition",), per_cent),
)  # fmt: skip

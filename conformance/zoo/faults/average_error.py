"""Ways in which average errors go wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def quadratic(errors: Array) -> Outputs:
    """Take the root of the mean of the squares."""
    return {"figure": np.asarray(np.sqrt((errors**2).mean()))}


def middle(errors: Array) -> Outputs:
    """Take the median."""
    return {"figure": np.asarray(np.median(errors))}


FAULTS = (
    Fault("average_error_quadratic", "average_error", "Takes the root of the mean square.",
          ("metric-definition",), quadratic),
    Fault("average_error_median", "average_error", "Takes the median of the tasks.",
          ("metric-definition",), middle),
)  # fmt: skip

"""Ways in which success rates go wrong."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.faults.fault import Fault
from conformance.zoo.transcription import success_rate as sound
from conformance.zoo.transcription.shapes import Outputs


def last(successes: NDArray[np.int64]) -> Outputs:
    """Report the last evaluation."""
    return sound.answer(successes[-1:])


def best_of_each(successes: NDArray[np.int64]) -> Outputs:
    """Take each episode's best before the mean."""
    sound.answer(successes)  # refuses what is wrong
    return {"figure": np.asarray(successes.max(axis=0).mean())}


FAULTS = (
    Fault("success_rate_last", "success_rate", "Reports the last evaluation, not the best.",
          ("metric-definition",), last),
    Fault("success_rate_best_of_each", "success_rate", "Takes the maximum before the mean.",
          ("metric-definition",), best_of_each),
)  # fmt: skip

"""Ways in which Welch's test goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import welch_t_test as sound
from conformance.zoo.transcription.shapes import Outputs


def pooled(first_sample: Array, *, second_sample: Array) -> Outputs:
    """Give Student's degrees of freedom."""
    found = sound.answer(first_sample, second_sample=second_sample)
    return sound.told(float(found["statistic"]), len(first_sample) + len(second_sample) - 2.0)


def one_sided(first_sample: Array, *, second_sample: Array) -> Outputs:
    """Halve the probability."""
    found = sound.answer(first_sample, second_sample=second_sample)
    return {**found, "probability": found["probability"] / 2}


def biased(first_sample: Array, *, second_sample: Array) -> Outputs:
    """Divide by n in the variances."""
    found = sound.answer(first_sample, second_sample=second_sample)
    a, b = (float(x.var() / len(x)) for x in (first_sample, second_sample))
    gap = first_sample.mean() - second_sample.mean()
    return sound.told(float(gap / np.sqrt(a + b)), float(found["freedom"]))


FAULTS = (
    Fault("welch_t_test_pooled", "welch_t_test", "Takes n + l - 2 for the degrees of freedom.",
          ("metric-definition",), pooled),
    Fault("welch_t_test_one_sided", "welch_t_test", "Gives the probability of one side.",
          ("metric-definition",), one_sided),
    Fault("welch_t_test_biased", "welch_t_test", "Divides by n in the variances, numpy's way.",
          ("metric-definition",), biased),
)  # fmt: skip

"""Ways in which uncertainty weighting goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import uncertainty_weighting as sound
from conformance.zoo.transcription.shapes import Outputs


def whole(losses: Array, *, log_variances: Array, form: str = "regression") -> Outputs:
    """Forget the factor 1/2 of regression."""
    del form
    return sound.answer(losses, log_variances=log_variances, form="classification")


def deviations(losses: Array, *, log_variances: Array, form: str = "regression") -> Outputs:
    """Read the logarithms of the variances as those of sigma."""
    return sound.answer(losses, log_variances=2 * log_variances, form=form)


def unhalved_price(losses: Array, *, log_variances: Array, form: str = "regression") -> Outputs:
    """Add s in place of s / 2."""
    found = sound.answer(losses, log_variances=log_variances, form=form)
    return {**found, "value": found["value"] + log_variances.sum() / 2}


def positive_price(losses: Array, *, log_variances: Array, form: str = "regression") -> Outputs:
    """Add log(1 + e^s) / 2, which cannot become negative."""
    found = sound.answer(losses, log_variances=log_variances, form=form)
    price = np.log1p(np.exp(log_variances)) - log_variances
    return {**found, "value": found["value"] + price.sum() / 2}


FAULTS = (
    Fault(
        "uncertainty_weighting_whole",
        "uncertainty_weighting",
        "Leaves out the factor 1/2 of the regression form.",
        ("uw-optimum",),
        whole,
    ),
    Fault(
        "uncertainty_weighting_deviations",
        "uncertainty_weighting",
        "Takes the parameter for log sigma where it is the logarithm of the variance.",
        ("uw-optimum",),
        deviations,
    ),
    Fault(
        "uncertainty_weighting_unhalved_price",
        "uncertainty_weighting",
        "Adds s where s / 2 is due.",
        ("uw-optimum",),
        unhalved_price,
    ),
    Fault(
        "uncertainty_weighting_positive_price",
        "uncertainty_weighting",
        "Adds log(1 + sigma^2) / 2, as code that wants a positive value does.",
        ("uw-optimum",),
        positive_price,
    ),
)

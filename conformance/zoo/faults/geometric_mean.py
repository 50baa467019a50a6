"""Ways in which the geometric mean of the losses goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import geometric_mean as sound
from conformance.zoo.transcription.shapes import Outputs


def product(losses: Array) -> Outputs:
    """Forget the root: the product, and its derivatives."""
    sound.answer(losses)  # refuses what is undefined
    if len(losses) == 1:
        return sound.answer(losses)
    whole = losses.prod()
    return {"weights": whole / losses, "value": np.asarray(whole)}


def unshared(losses: Array) -> Outputs:
    """Forget the factor 1 / T of the derivative."""
    found = sound.answer(losses)
    return {**found, "weights": found["weights"] * len(losses)}


def padded(losses: Array) -> Outputs:
    """Add 1e-8 to the losses before their logarithms are taken."""
    sound.answer(losses)  # refuses what is undefined
    mean = np.exp(np.log(losses + 1e-8).mean())
    return {"weights": mean / (len(losses) * (losses + 1e-8)), "value": np.asarray(mean)}


FAULTS = (
    Fault(
        "geometric_mean_product",
        "geometric_mean",
        "Multiplies the losses and takes no root.",
        ("geometric-mean-share", "loss-units"),
        product,
    ),
    Fault(
        "geometric_mean_unshared",
        "geometric_mean",
        "Takes value / L_i for the derivative, without 1 / T.",
        ("geometric-mean-share",),
        unshared,
    ),
    Fault(
        "geometric_mean_padded",
        "geometric_mean",
        "Adds an absolute 1e-8 before the logarithm.",
        ("accuracy", "loss-units"),
        padded,
    ),
)

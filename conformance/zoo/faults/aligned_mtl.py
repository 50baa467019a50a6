"""Ways in which Aligned-MTL goes wrong."""

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import aligned_mtl as sound

FLOOR = 1e-6


def combination(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def spectral(jacobian: Array, values: Array, vectors: Array, kept: NDArray[np.bool_]) -> Outputs:
    """The direction for eigenvalues that are told to count."""
    weights = np.zeros(len(jacobian))
    if kept.any():
        ratios = np.sqrt(values[kept].min() / values[kept])
        weights = vectors[:, kept] @ (ratios * vectors[:, kept].mean(axis=0))
    return combination(weights, jacobian)


def absolute_cut(jacobian: Array) -> Outputs:
    """Count eigenvalues above 1e-6."""
    values, vectors = np.linalg.eigh(jacobian @ jacobian.T)
    return spectral(jacobian, values, vectors, values > FLOOR)


def largest(jacobian: Array) -> Outputs:
    """Scale to the largest eigenvalue."""
    weights = sound.answer(jacobian)["weights"]
    values = sound.singular(jacobian)[0]
    least = values[values > values.max() * 1e-14].min(initial=1.0)
    return combination(weights * max(values.max(), 1e-300) / least, jacobian)


def summed(jacobian: Array) -> Outputs:
    """Prefer every task by 1."""
    return combination(sound.answer(jacobian)["weights"] * len(jacobian), jacobian)


def inverse(jacobian: Array) -> Outputs:
    """Divide by the eigenvalues, not by their roots."""
    values, vectors = np.linalg.eigh(jacobian @ jacobian.T)
    kept = values > 1e-14 * values.max()
    weights = np.zeros(len(jacobian))
    if kept.any():
        ratios = values[kept].min() / values[kept]
        weights = vectors[:, kept] @ (ratios * vectors[:, kept].mean(axis=0))
    return combination(weights, jacobian)


FAULTS = (
    Fault(
        "aligned_mtl_absolute_cut",
        "aligned_mtl",
        "Takes eigenvalues below an absolute 1e-6 for zero, as code with a fixed tolerance does.",
        ("homogeneous",),
        absolute_cut,
    ),
    Fault(
        "aligned_mtl_largest",
        "aligned_mtl",
        "Scales to the largest singular value, as a reader who wants long steps does.",
        ("accuracy",),
        largest,
    ),
    Fault(
        "aligned_mtl_summed",
        "aligned_mtl",
        "Sums the aligned gradients, as LibMTL does, and declares no scale.",
        ("accuracy",),
        summed,
    ),
    Fault(
        "aligned_mtl_inverse",
        "aligned_mtl",
        "Forgets the root of the eigenvalues.",
        ("accuracy",),
        inverse,
    ),
)

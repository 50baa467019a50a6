"""Ways in which CAGrad goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array, ascent
from conformance.zoo.transcription import Outputs
from conformance.zoo.transcription import cagrad as sound


def about(centre_weights: Array, extra: Array, jacobian: Array) -> Outputs:
    """The direction by its weights: those of the centre and those beyond."""
    weights = centre_weights + extra
    return {"direction": weights @ jacobian, "weights": weights}


def equal(jacobian: Array) -> Array:
    """The weights of the mean."""
    return np.full(len(jacobian), 1 / len(jacobian))


def missing_root(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Use phi = c^2 |g0|^2 as the radius."""
    centre = jacobian.mean(axis=0)
    return about(equal(jacobian), ascent(jacobian, centre, c**2 * float(centre @ centre)), jacobian)


def squared_c(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Use c^2 |g0| as the radius."""
    return sound.answer(jacobian, c=c**2)


def divided(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Divide the direction by 1 + c."""
    outputs = sound.answer(jacobian, c=c)
    return {name: array / (1 + c) for name, array in outputs.items()}


def sum_as_centre(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Take the sum of the rows for g0."""
    centre = jacobian.sum(axis=0)
    radius = c * float(np.linalg.norm(centre))
    return about(np.ones(len(jacobian)), ascent(jacobian, centre, radius), jacobian)


def damped(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Add 1e-4 to the norm of g_w before dividing by it."""
    extra = sound.answer(jacobian, c=c)["weights"] - equal(jacobian)
    total = extra.sum()
    length = float(np.linalg.norm(extra @ jacobian)) / total if total > 0 else 1.0
    return about(equal(jacobian), extra * length / (length + 1e-4), jacobian)


def early_stop(jacobian: Array, *, c: float = 0.5) -> Outputs:
    """Stop after 20 steps of gradient descent on a softmax, on rows scaled to mean norm 1."""
    scale = float(np.linalg.norm(jacobian, axis=1).mean()) or 1.0
    rows = jacobian / scale
    centre = rows.mean(axis=0)
    radius = c * float(np.linalg.norm(centre))
    logits = np.zeros(len(rows))
    weights = equal(rows)
    for _ in range(20):
        mixed = weights @ rows
        length = float(np.linalg.norm(mixed)) or 1.0
        slope = rows @ (centre + radius / length * mixed)
        logits -= weights * (slope - weights @ slope)
        weights = np.exp(logits - logits.max())
        weights /= weights.sum()
    length = float(np.linalg.norm(weights @ rows)) or 1.0
    return about(equal(rows), radius / length * weights, jacobian)


FAULTS = (
    Fault(
        "cagrad_missing_root",
        "cagrad",
        "Forgets the root of phi, as a reader of the printed formula does.",
        ("homogeneous",),
        missing_root,
    ),
    Fault(
        "cagrad_squared_c",
        "cagrad",
        "Squares c without squaring |g0|, a radius of c^2 |g0|.",
        ("cagrad-optimal",),
        squared_c,
    ),
    Fault(
        "cagrad_divided",
        "cagrad",
        "Divides by 1 + c, as the released code does, and declares no scale.",
        ("cagrad-optimal",),
        divided,
    ),
    Fault(
        "cagrad_sum_as_centre",
        "cagrad",
        "Takes the sum for g0, as code whose total loss is a sum does.",
        ("cagrad-c0",),
        sum_as_centre,
    ),
    Fault(
        "cagrad_damped",
        "cagrad",
        "Adds an absolute 1e-4 to the norm of g_w, as the released code does under its roots.",
        ("homogeneous",),
        damped,
    ),
    Fault(
        "cagrad_early_stop",
        "cagrad",
        "Stops after 20 gradient steps on the weights, as the version for reinforcement learning "
        "does.",
        ("cagrad-optimal",),
        early_stop,
    ),
)

"""Ways in which MGDA-UB goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.faults.mgda import frank_wolfe
from conformance.zoo.programs import Array, units
from conformance.zoo.transcription import Outputs, mgda
from conformance.zoo.transcription import mgda_ub as sound


def combination(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def own_gramian(jacobian: Array, *, representation_jacobian: Array) -> Outputs:
    """Take the parameters' gradients for the weights."""
    del representation_jacobian
    return mgda.answer(jacobian)


def early_stop(jacobian: Array, *, representation_jacobian: Array) -> Outputs:
    """Stop Frank-Wolfe after 20 steps."""
    return combination(frank_wolfe(representation_jacobian, 20)[-1], jacobian)


def unit_rows(jacobian: Array, *, representation_jacobian: Array) -> Outputs:
    """Divide the representation's gradients by their lengths."""
    return sound.answer(jacobian, representation_jacobian=units(representation_jacobian)[0])


def scaled_by_size(jacobian: Array, *, representation_jacobian: Array) -> Outputs:
    """Take the mean over the representation's entries first."""
    mean = representation_jacobian.mean(axis=1, keepdims=True)
    return sound.answer(jacobian, representation_jacobian=np.ascontiguousarray(mean))


FAULTS = (
    Fault(
        "mgda_ub_own_gramian",
        "mgda_ub",
        "Solves for the gradients by the parameters, as a wrapper that calls plain MGDA does.",
        ("mgda-kkt",),
        own_gramian,
    ),
    Fault(
        "mgda_ub_early_stop",
        "mgda_ub",
        "Stops Frank-Wolfe after a fixed 20 steps, as nearly every library does.",
        ("mgda-kkt",),
        early_stop,
    ),
    Fault(
        "mgda_ub_unit_rows",
        "mgda_ub",
        "Normalises the representation's gradients without being asked to.",
        ("mgda-kkt",),
        unit_rows,
    ),
    Fault(
        "mgda_ub_mean",
        "mgda_ub",
        "Averages the gradients by the representation before it takes inner products, as code that "
        "reduces over the batch too early does.",
        ("mgda-kkt",),
        scaled_by_size,
    ),
)

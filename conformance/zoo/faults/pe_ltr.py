"""Ways in which PE-LTR goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription import pe_ltr as sound
from conformance.zoo.transcription.shapes import Outputs


def told(weights: Array, jacobian: Array) -> Outputs:
    """A direction by its weights."""
    return {"direction": weights @ jacobian, "weights": weights}


def two_stage(jacobian: Array, *, floors: Array, solver: str = "exact") -> Outputs:
    """Project the weights of the linear system, whatever is asked."""
    del solver
    gramian, tasks = jacobian @ jacobian.T, len(jacobian)
    bordered = np.block([[gramian, np.ones((tasks, 1))], [np.ones((1, tasks)), np.zeros((1, 1))]])
    free = 1.0 - floors.sum()
    right = np.append(-gramian @ floors, free)
    found = np.linalg.lstsq(bordered, right, rcond=None)[0][:tasks]
    return told(floors + (sound.nearest(found, free) if free > 0 else 0.0), jacobian)


def raised(jacobian: Array, *, floors: Array, solver: str = "exact") -> Outputs:
    """Raise MGDA's weights to the floors, and divide by their sum."""
    del solver
    weights = np.maximum(mgda.answer(jacobian)["weights"], floors)
    return told(weights / weights.sum(), jacobian)


def shifted(jacobian: Array, *, floors: Array, solver: str = "exact") -> Outputs:
    """Mix the floors with MGDA's weights, whose program knows nothing of them."""
    del solver
    weights = floors + (1.0 - floors.sum()) * mgda.answer(jacobian)["weights"]
    return told(weights, jacobian)


FAULTS = (
    Fault(
        "pe_ltr_two_stage",
        "pe_ltr",
        "Gives the paper's two-stage weights where the minimum is asked.",
        ("peltr-bounds",),
        two_stage,
    ),
    Fault(
        "pe_ltr_raised",
        "pe_ltr",
        "Raises the weights to their floors and normalises, so that floors are broken again.",
        ("peltr-bounds",),
        raised,
    ),
    Fault(
        "pe_ltr_shifted",
        "pe_ltr",
        "Solves the program without floors and adds them afterwards.",
        ("peltr-bounds",),
        shifted,
    ),
)

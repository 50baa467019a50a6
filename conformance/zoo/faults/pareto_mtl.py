"""Ways in which Pareto-MTL goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription import pareto_mtl as sound
from conformance.zoo.transcription.shapes import Outputs


def touching(
    jacobian: Array, *, losses: Array, preferences: Array, region: float, phase: str
) -> Outputs:
    """Take in constraints that hold with equality, the region's own among them."""
    beyond = preferences - preferences[int(region)]
    return sound.of_hull(jacobian, beyond[beyond @ losses >= 0], phase)


def reversed_sides(
    jacobian: Array, *, losses: Array, preferences: Array, region: float, phase: str
) -> Outputs:
    """Take u_k - u_j for the constraint."""
    beyond = preferences[int(region)] - preferences
    return sound.of_hull(jacobian, beyond[beyond @ losses > 0], phase)


def weighed(
    jacobian: Array, *, losses: Array, preferences: Array, region: float, phase: str
) -> Outputs:
    """Give the constraints' weights to the tasks without the sign, so that none is negative."""
    right = sound.answer(
        jacobian, losses=losses, preferences=preferences, region=region, phase=phase
    )
    weights = np.maximum(right["weights"], 0.0)
    return {"direction": weights @ jacobian, "weights": weights}


def descent_alone(
    jacobian: Array, *, losses: Array, preferences: Array, region: float, phase: str
) -> Outputs:
    """Forget the constraints."""
    del losses, preferences, region, phase
    return mgda.answer(jacobian)


FAULTS = (
    Fault(
        "pareto_mtl_touching",
        "pareto_mtl",
        "Takes a constraint for active that holds with equality (>= for >): its own region's, "
        "whose gradient is 0, always.",
        ("pmtl-active",),
        touching,
    ),
    Fault(
        "pareto_mtl_reversed",
        "pareto_mtl",
        "Has the constraints the wrong way round.",
        ("pmtl-active",),
        reversed_sides,
    ),
    Fault(
        "pareto_mtl_clamped",
        "pareto_mtl",
        "Cuts negative weights of the losses to zero.",
        ("pmtl-active",),
        weighed,
    ),
    Fault(
        "pareto_mtl_descent_alone",
        "pareto_mtl",
        "Forgets the constraints, which leaves MGDA.",
        ("pmtl-active",),
        descent_alone,
    ),
)

"""Ways in which OGD goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def conflicts_only(gradient: Array, *, basis: Array) -> Outputs:
    """Take off the parts that go against the basis, and leave the others."""
    parts = np.minimum(basis @ gradient, 0.0)
    return {"direction": gradient - parts @ basis}


def first_only(gradient: Array, *, basis: Array) -> Outputs:
    """Stop after the first vector of the basis."""
    return {"direction": gradient - (basis[0] @ gradient) * basis[0]}


def added(gradient: Array, *, basis: Array) -> Outputs:
    """Keep the parts along the basis, and take the rest."""
    return {"direction": (basis @ gradient) @ basis}


FAULTS = (
    Fault(
        "ogd_conflicts_only",
        "ogd",
        "Takes off a part only where it goes against the basis, as a reader of GEM does.",
        ("ogd-parts",),
        conflicts_only,
    ),
    Fault(
        "ogd_first_only",
        "ogd",
        "Returns from within the loop over the basis.",
        ("ogd-parts",),
        first_only,
    ),
    Fault(
        "ogd_projection",
        "ogd",
        "Returns the projection on the basis in place of what it leaves.",
        ("ogd-parts",),
        added,
    ),
)

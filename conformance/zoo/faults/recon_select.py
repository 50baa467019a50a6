"""Ways in which the selection of layers goes wrong."""

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import recon_select as sound
from conformance.zoo.transcription.shapes import Outputs


def lowest(scores: Array, *, k: float = 1) -> Outputs:
    """Take the layers with the smallest scores."""
    return sound.answer(-scores, k=k)


def last_of_ties(scores: Array, *, k: float = 1) -> Outputs:
    """Reverse an ascending sort, which reverses ties."""
    return {"layers": np.argsort(scores, kind="stable")[::-1][: int(k)].copy()}  # type: ignore[dict-item]


def network_order(scores: Array, *, k: float = 1) -> Outputs:
    """Answer the right layers in the order of the network."""
    return {"layers": np.sort(sound.answer(scores, k=k)["layers"])}


FAULTS = (
    Fault(
        "recon_select_lowest",
        "recon_select",
        "Sorts ascending and takes the first, the layers with the fewest conflicts.",
        ("recon-select",),
        lowest,
    ),
    Fault(
        "recon_select_last_of_ties",
        "recon_select",
        "Reverses an ascending sort, so that ties come last first.",
        ("recon-select",),
        last_of_ties,
    ),
    Fault(
        "recon_select_network_order",
        "recon_select",
        "Answers the right layers in the order of the network, as code with a mask does.",
        ("recon-select",),
        network_order,
    ),
)

"""Dynamic weight averaging in numpy."""

import numpy as np

from conformance.zoo.programs import Array
from conformance.zoo.transcription.shapes import Outputs


def answer(
    losses: Array, *, previous_losses: Array | None = None, temperature: float = 2.0
) -> Outputs:
    """T times the softmax of the ratios over the temperature."""
    if previous_losses is None:
        return {"weights": np.ones_like(losses)}
    if not previous_losses.all():
        message = "dwa is undefined: a previous loss is 0"
        raise ValueError(message)
    ratios = losses / previous_losses
    powers = np.exp((ratios - ratios.max()) / temperature)
    return {"weights": len(losses) * powers / powers.sum()}

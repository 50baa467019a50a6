"""GradOPS-static in numpy: GradOPS's modified gradients, with weights that are given."""

from collections.abc import Sequence

import numpy as np

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.gradops import modified
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, weights: float | Sequence[float] = 1.0) -> Outputs:
    """The weighted sum of the modified gradients, and these."""
    scaled, exponent = common(jacobian)
    gradients = modified(scaled, fallback="mgda").gradients
    shares = np.broadcast_to(weights, len(scaled)).astype(np.float64)
    return {
        "direction": np.ldexp(shares @ gradients, exponent),
        "task_gradients": np.ldexp(gradients, exponent),
    }

"""DW in numpy: raw gradients, weighed by powers of their projections' sizes."""

import numpy as np

from conformance.zoo.programs import ROUNDOFF, Array, common, units
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, alpha: float = 0.0) -> Outputs:
    """Equations (3)-(5) of GradOPS on the rows, with absolute projections."""
    scaled, exponent = common(jacobian)
    weights = weighed(projections(scaled), scaled, alpha)
    return {"direction": np.ldexp(weights @ scaled, exponent), "weights": weights}


def projections(scaled: Array) -> Array:
    """|<G, g_i>| / |g_i| (T,) for the sum G of the rows; zero for zero rows."""
    unit, _, _ = units(scaled)
    reached: Array = np.abs(unit @ scaled.sum(axis=0))
    return reached


def weighed(reached: Array, scaled: Array, alpha: float) -> Array:
    """Weights (T,): powers over their mean; 1 for zero rows, and where nothing is reached."""
    active = np.any(scaled, axis=1)
    weights, found = np.ones(len(active)), reached[active]
    noise = len(scaled) * scaled.shape[1] * ROUNDOFF * np.linalg.norm(scaled, axis=1).sum()
    if alpha == 0 or not (found > noise).any():
        return weights
    if alpha < 0 and not found.all():
        powers = (found == 0).astype(np.float64)  # the limit of small projections
    else:
        powers = (found / (found.max() if alpha > 0 else found.min())) ** alpha
    weights[active] = powers / powers.mean()
    return weights

"""GradDrop in numpy, from the sums of what is positive and of what is negative."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from conformance.zoo.programs import Array, common
from conformance.zoo.transcription.shapes import Outputs

Kept = NDArray[np.bool_]


def answer(
    jacobian: Array,
    *,
    uniforms: Array,
    representation: Array | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str = "identity",
) -> Outputs:
    """In each unit the entries of one sign, and a share of the others."""
    scaled, exponent = common(jacobian)
    signs = np.ones((1, scaled.shape[1])) if representation is None else np.sign(representation)
    samples = scaled.reshape(len(scaled), *signs.shape)
    kept = masks((samples * signs).sum(axis=1), uniforms, f)
    leaks = np.broadcast_to(leak, len(scaled))[:, None]
    weights = np.where(kept, 1.0, leaks)
    direction = (weights[:, None] * samples).sum(axis=0).ravel()
    return {"direction": np.ldexp(direction, exponent)}


def masks(signed: Array, uniforms: Array, f: str) -> Kept:
    """Which of the signed sums (T, m) are kept."""
    level = shaped(purities(signed), f)
    kept: Kept = ((level > uniforms) & (signed > 0)) | ((level < uniforms) & (signed < 0))
    return kept


def purities(signed: Array) -> Array:
    """The shares of what is positive (m,); 1/2 where nothing has a sign."""
    above, below = np.maximum(signed, 0).sum(axis=0), np.maximum(-signed, 0).sum(axis=0)
    whole = above + below
    share: Array = np.divide(above, whole, where=whole > 0, out=np.full_like(whole, 0.5))
    return share


def shaped(share: Array, f: str) -> Array:
    """An increasing map of purities, by name."""
    if f not in {"identity", "smoothstep"}:
        message = f"f must be identity or smoothstep (got {f})"
        raise ValueError(message)
    return share if f == "identity" else share * share * (3 - 2 * share)

"""Ways in which GradDrop goes wrong."""

from collections.abc import Callable, Sequence

import numpy as np

from conformance.zoo.faults.fault import Fault
from conformance.zoo.programs import Array
from conformance.zoo.transcription import graddrop as sound
from conformance.zoo.transcription.graddrop import Kept
from conformance.zoo.transcription.shapes import Outputs

_NOISE = np.random.default_rng(0)

# Takes the signed sums (T, m), the uniforms (m,) and the name of f; returns what is kept (T, m).
Masks = Callable[[Array, Array, str], Kept]


def masked(
    jacobian: Array,
    masks: Masks,
    uniforms: Array,
    representation: Array | None,
    leak: float | Sequence[float],
    f: str,
) -> Outputs:
    """GradDrop with other masks."""
    signs = np.ones((1, jacobian.shape[1])) if representation is None else np.sign(representation)
    samples = jacobian.reshape(len(jacobian), *signs.shape)
    kept = masks((samples * signs).sum(axis=1), uniforms, f)
    weights = np.where(kept, 1.0, np.broadcast_to(leak, len(jacobian))[:, None])
    return {"direction": (weights[:, None] * samples).sum(axis=0).ravel()}


def with_masks(masks: Masks) -> Callable[..., Outputs]:
    """GradDrop with other masks, from given uniforms."""

    def answer(
        jacobian: Array,
        *,
        uniforms: Array,
        representation: Array | None = None,
        leak: float | Sequence[float] = 0.0,
        f: str = "identity",
    ) -> Outputs:
        return masked(jacobian, masks, uniforms, representation, leak, f)

    return answer


def drawing(masks: Masks, tasks: bool) -> Callable[..., Outputs]:  # noqa: FBT001  (which of two)
    """GradDrop with other masks, and draws of its own: for each task, or for each coordinate."""

    def answer(
        jacobian: Array,
        *,
        representation: Array | None = None,
        leak: float | Sequence[float] = 0.0,
        f: str = "identity",
    ) -> Outputs:
        size = jacobian.shape[1] if representation is None else representation.shape[1]
        draws = _NOISE.uniform(size=(len(jacobian), size) if tasks else size)
        return masked(jacobian, masks, draws, representation, leak, f)

    return answer


def reversed_inequality(signed: Array, uniforms: Array, f: str) -> Kept:
    """Keep what is positive where f(P) < U."""
    level = sound.shaped(sound.purities(signed), f)
    kept: Kept = ((level < uniforms) & (signed > 0)) | ((level > uniforms) & (signed < 0))
    return kept


def no_axis(signed: Array, uniforms: Array, f: str) -> Kept:
    """Divide by the sum of all magnitudes, not by those of the coordinate."""
    share = (1 + signed.sum(axis=0) / (np.abs(signed).sum() or 1.0)) / 2
    level = sound.shaped(share, f)
    kept: Kept = ((level > uniforms) & (signed > 0)) | ((level < uniforms) & (signed < 0))
    return kept


def one_for_all(signed: Array, uniforms: Array, f: str) -> Kept:
    """Use the first draw for all coordinates."""
    return sound.masks(signed, np.broadcast_to(uniforms.ravel()[0], uniforms.shape), f)


def leak_added(
    jacobian: Array,
    *,
    uniforms: Array,
    representation: Array | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str = "identity",
) -> Outputs:
    """Add the leak to what is kept, too."""
    kept = sound.answer(jacobian, uniforms=uniforms, representation=representation, f=f)
    leaks = np.broadcast_to(leak, len(jacobian))
    return {"direction": kept["direction"] + leaks @ jacobian}


FAULTS = (
    Fault(
        "graddrop_uniform_per_task",
        "graddrop",
        "Draws a number for each task and coordinate, as Kurin et al. (2022) print it.",
        ("graddrop-draws",),
        drawing(sound.masks, tasks=True),
        {"randomness": "uncontrolled"},
    ),
    Fault(
        "graddrop_one_uniform",
        "graddrop",
        "Draws one number for all coordinates, as code that forgets the shape does.",
        ("graddrop-draws",),
        drawing(one_for_all, tasks=False),
        {"randomness": "uncontrolled"},
    ),
    Fault(
        "graddrop_reversed",
        "graddrop",
        "Keeps what is positive where P < U, the inequality reversed, as Kurin et al. (2022) "
        "print it.",
        ("graddrop-law",),
        with_masks(reversed_inequality),
    ),
    Fault(
        "graddrop_reversed_draws",
        "graddrop",
        "The same with draws of its own, which only their frequencies tell.",
        ("graddrop-draws",),
        drawing(reversed_inequality, tasks=False),
        {"randomness": "uncontrolled"},
    ),
    Fault(
        "graddrop_no_axis",
        "graddrop",
        "Sums magnitudes over all coordinates, as code without the axis does.",
        ("graddrop-law",),
        with_masks(no_axis),
    ),
    Fault(
        "graddrop_leak_added",
        "graddrop",
        "Lets the leak flow on top of what is kept.",
        ("graddrop-law",),
        leak_added,
    ),
)

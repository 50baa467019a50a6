"""GradDrop: in every coordinate the gradients of one sign are kept, at random, and the others drop.

[GradDrop] Chen, Ngiam, Huang, Luong, Kretzschmar, Chai and Anguelov, Just pick a sign: optimizing
deep multitask models with gradient sign dropout, 2020, Algorithm 1. One uniform number a
coordinate is shared by the tasks. What is positive and what is negative are added up apart, piece
by piece of the columns, so that a coordinate of one sign only is kept exactly.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import refuse_non_finite, times_power, working_copy
from conformance.torch_runner.passes import Numbers, room
from conformance.torch_runner.shapes import Direction, Jacobian

CACHED = 2**17
"""Numbers of the jacobian that are handled at a time: they stay in the cache."""

SMALLER = -16
"""The power of two at which rows near the largest number are added up."""

SHAPES: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda share: share,
    "smoothstep": lambda share: share * share * (3 - 2 * share),
}


def aggregate(
    jacobian: Jacobian,
    *,
    representation: Tensor | None = None,
    uniforms: Tensor | None = None,
    generator: torch.Generator | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str | Callable[[Tensor], Tensor] = "identity",
) -> Aggregation:
    """Direction of a jacobian (T, d), or (T, b m) with a representation (b, m).

    ``uniforms`` (d,), or (m,), lie strictly inside (0, 1); they are drawn from ``generator``
    without it. ``leak`` is the share of the dropped that is kept, one for all tasks or T. ``f``
    maps purities: by name, or any increasing function. ValueError for NaN, infinities, wrong
    shapes, uniforms, leaks and names.
    """
    values = working_copy(jacobian)
    shape = shape_of(f)
    leaks = leaks_of(leak, values)
    size = values.shape[1] if representation is None else units(representation, values)
    draws = drawn(size, values, generator) if uniforms is None else checked(uniforms, size, values)
    if representation is not None:
        refuse_non_finite(jacobian)
        signs = representation.detach().to(values).sign()
        return Aggregation(by_units(values, signs, draws, leaks, shape).to(jacobian.dtype))
    direction, finite = by_columns(values, draws, leaks, shape)
    if not finite:
        refuse_non_finite(jacobian)
        smaller, _ = by_columns(times_power(values, SMALLER), draws, leaks, shape)
        direction = times_power(smaller, -SMALLER)
    return Aggregation(direction.to(jacobian.dtype))


def shape_of(f: str | Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The map of purities; ValueError for an unknown name."""
    if callable(f):
        return f
    if f not in SHAPES:
        message = f"f must be one of {', '.join(map(repr, SHAPES))} (got {f!r})"
        raise ValueError(message)
    return SHAPES[f]


def leaks_of(leak: float | Sequence[float], values: Tensor) -> Tensor | None:
    """The leak of each task as a tensor (T,); None where nothing leaks."""
    listed = [float(leak)] * len(values) if isinstance(leak, (int, float)) else list(leak)
    if len(listed) != len(values) or not all(0 <= share <= 1 for share in listed):
        message = f"leak must be one number, or {len(values)}, in [0, 1] (got {leak})"
        raise ValueError(message)
    wide = torch.promote_types(values.dtype, torch.float32)
    return torch.tensor(listed, dtype=wide, device=values.device) if any(listed) else None


def units(representation: Tensor, values: Tensor) -> int:
    """The number m of units; ValueError where the samples do not fill the jacobian's columns."""
    if not torch.isfinite(representation).all():
        message = "representation must hold finite numbers"
        raise ValueError(message)
    if representation.ndim != 2 or representation.numel() != values.shape[1]:  # noqa: PLR2004
        message = (
            f"representation must be a matrix of {values.shape[1]} entries "
            f"(got {tuple(representation.shape)})"
        )
        raise ValueError(message)
    return representation.shape[1]


def drawn(size: int, values: Tensor, generator: torch.Generator | None) -> Tensor:
    """Uniform numbers; 0, which would drop what has one sign only, is never among them."""
    device = values.device if generator is None else generator.device
    wide = torch.promote_types(values.dtype, torch.float32)
    draws = torch.rand(size, generator=generator, dtype=wide, device=device)
    return draws.clamp_(min=torch.finfo(wide).eps / 4).to(values.device)


def checked(uniforms: Tensor, size: int, values: Tensor) -> Tensor:
    """The uniforms given, in a dtype that holds them and purities."""
    if uniforms.shape != (size,):
        message = f"uniforms must have shape ({size},) (got {tuple(uniforms.shape)})"
        raise ValueError(message)
    if size and not 0 < uniforms.min() <= uniforms.max() < 1:
        message = "uniforms must lie strictly inside (0, 1)"
        raise ValueError(message)
    return uniforms.to(values.device, torch.promote_types(values.dtype, torch.float32))


def by_columns(
    values: Tensor, draws: Tensor, leaks: Tensor | None, shape: Callable[[Tensor], Tensor]
) -> tuple[Direction, bool]:
    """The direction, and whether nothing on the way to it was infinite or NaN.

    On the CPU by numpy, whose calls cost less: they are many, and each is short.
    """
    if values.device.type != "cpu":
        return elsewhere(values, draws, leaks, shape)
    tasks, width = values.shape
    step = min(width, max(1, CACHED // tasks)) or 1
    direction = room((width,), draws)
    kept, ones = direction.numpy(), np.ones(tasks, direction.numpy().dtype)
    part, shares = np.empty((tasks, step), kept.dtype), None if leaks is None else leaks.numpy()
    finite, uniforms = True, draws.numpy()
    with np.errstate(all="ignore"):  # 0/0 where nothing has a sign; who asks looks at the total
        for start in range(0, width, step):
            columns = slice(start, start + step)
            piece: Numbers = values[:, columns].to(draws.dtype).numpy()
            signed = part[:, : piece.shape[1]]
            above = ones @ np.maximum(piece, 0, out=signed)
            seeping: Numbers | float = 0.0 if shares is None else shares @ signed
            below = ones @ np.minimum(piece, 0, out=signed)
            whole = above - below
            finite = finite and bool(np.isfinite(whole.sum()))
            level = np.divide(above, whole, out=whole)
            if shape is not SHAPES["identity"]:
                level = shape(torch.from_numpy(level)).numpy()
            up, down = level > uniforms[columns], level < uniforms[columns]
            if shares is None:
                np.multiply(above, up, out=above)
                np.add(above, np.multiply(below, down, out=below), out=kept[columns])
            else:
                sinking = np.where(down, below, shares @ signed)
                np.add(np.where(up, above, seeping), sinking, out=kept[columns])
    return direction, finite


def elsewhere(
    values: Tensor, draws: Tensor, leaks: Tensor | None, shape: Callable[[Tensor], Tensor]
) -> tuple[Direction, bool]:
    """The same on other devices, on all columns at once."""
    above, below = values.clamp(min=0).to(draws.dtype), values.clamp(max=0).to(draws.dtype)
    highest, lowest = above.sum(0), below.sum(0)
    whole = highest - lowest
    level = shape(highest / whole)
    none = torch.zeros_like(whole)
    seeping, sinking = (none, none) if leaks is None else (leaks @ above, leaks @ below)
    direction = torch.where(level > draws, highest, seeping)
    direction += torch.where(level < draws, lowest, sinking)
    return direction, bool(torch.isfinite(whole.sum()))


def by_units(
    values: Tensor,
    signs: Tensor,
    draws: Tensor,
    leaks: Tensor | None,
    shape: Callable[[Tensor], Tensor],
) -> Direction:
    """The direction where the sign of a unit is picked by sign(Z) G, summed over the samples."""
    wide = draws.dtype
    samples = values.reshape(len(values), *signs.shape).to(wide)
    signed = (samples * signs.to(wide)).sum(1)
    above, below = signed.clamp(min=0).sum(0), signed.clamp(max=0).sum(0)
    level = shape(above / (above - below))
    kept = ((level > draws) & (signed > 0)) | ((level < draws) & (signed < 0))
    masks = kept.to(wide)
    if leaks is not None:
        masks = torch.where(kept, masks, leaks[:, None])
    return (samples * masks[:, None]).sum(0).flatten()

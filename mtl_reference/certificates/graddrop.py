"""Why a GradDrop answer is right: it is what the printed masks leave of the gradients.

The method adds up what is positive and what is negative; the certificate takes the purity from
the sums of G and |G|, and each task's mask M_i = 1[f(P) > U] 1[G_i > 0] + 1[f(P) < U] 1[G_i < 0],
as [CNHLA20] prints them. Without uniforms it asks for the nearer of a unit's two outcomes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import difference, length
from mtl_reference.rational import Jacobian, RationalVector, Scalar, matrix, numbers, rational

Level = Callable[[fmpq], fmpq]


def certificate(
    jacobian: Jacobian,
    outputs: Outputs,
    *,
    representation: Sequence[Sequence[Scalar]] | None = None,
    uniforms: Sequence[Scalar] | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str | Level = "identity",
) -> Iterator[Residual]:
    """Conditions on "direction" (d,): one a unit, on all of its samples together."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    rows = [jacobian.row(task) for task in range(jacobian.tasks)]
    ones = ((fmpq(1),) * jacobian.width,)
    signs = ones if representation is None else matrix("representation", representation)
    size = len(signs[0])
    draws = None if uniforms is None else numbers("uniforms", uniforms)
    leaks = numbers("leak", leak) if isinstance(leak, Sequence) else (rational(leak),) * len(rows)
    for unit in range(size):
        parts = [row[unit::size] for row in rows]
        signed = [_signed(part, [sample[unit] for sample in signs]) for part in parts]
        levels = _levels(signed, f, None if draws is None else draws[unit])
        rests = [
            difference(direction[unit::size], _left(parts, signed, leaks, *level))
            for level in levels
        ]
        yield Residual(f"unit {unit}", Relation.ZERO, _nearest(rests), {"direction": fmpq(1)})


def _signed(part: RationalVector, values: Sequence[fmpq]) -> fmpq:
    """sign(Z) times the gradient, summed over the batch."""
    pairs = zip(part, values, strict=True)
    return sum((x if z > 0 else -x for x, z in pairs if z != 0), fmpq(0))


def _levels(signed: RationalVector, f: str | Level, draw: fmpq | None) -> list[tuple[fmpq, fmpq]]:
    """f(P) with U: the pair given, or one for each outcome of positive probability."""
    sizes = sum(map(abs, signed), fmpq(0))
    purity = (1 + sum(signed, fmpq(0)) / sizes) / 2 if sizes != 0 else fmpq(1, 2)
    level = _level(purity, f)
    if draw is not None:
        return [(level, draw)]
    return [(level, other) for other in (level / 2, (1 + level) / 2) if other != level]


def _level(purity: fmpq, f: str | Level) -> fmpq:
    if f == "identity":
        return purity
    if f == "smoothstep":
        return 3 * purity**2 - 2 * purity**3
    return rational(cast("Level", f)(purity))


def _left(
    parts: Sequence[RationalVector],
    signed: RationalVector,
    leaks: RationalVector,
    level: fmpq,
    draw: fmpq,
) -> RationalVector:
    """sum_i (l_i + (1 - l_i) M_i) times the gradients, for the samples of one unit."""
    masks = [
        int(level > draw) * int(entry > 0) + int(level < draw) * int(entry < 0) for entry in signed
    ]
    weights = [leak + (1 - leak) * mask for leak, mask in zip(leaks, masks, strict=True)]
    columns = zip(*parts, strict=True)
    return tuple(
        sum((w * x for w, x in zip(weights, column, strict=True)), fmpq(0)) for column in columns
    )


def _nearest(rests: Sequence[Vector]) -> Number:
    """The least of the lengths of some vectors."""
    least, *others = (length(rest) for rest in rests)
    for other in others:
        least = other if decide(other - least) == -1 else least
    return least

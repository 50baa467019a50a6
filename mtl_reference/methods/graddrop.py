"""GradDrop: in every coordinate the gradients of one sign are kept, and the other sign is dropped.

[CNHLA20] Z. Chen, J. Ngiam, Y. Huang, T. Luong, H. Kretzschmar, Y. Chai, D. Anguelov, Just Pick a
Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout, 2020, Algorithm 1.

The purity of a coordinate is P = (1 + sum_i G_i / sum_i |G_i|) / 2, the share of what is positive.
With one number U drawn uniformly from (0, 1) a coordinate, shared by all tasks, the positive
entries are kept where f(P) > U, the negative ones where f(P) < U. Task i lets a share l_i of what
is dropped leak through. All of that is rational, given U.

*Forms*
gradients: G is the jacobian.
representation: G_i is sign(Z) times the gradient by Z, summed over a batch: give ``representation``
(b, m), Z of b samples, with a jacobian (T, b m), sample after sample. U is then drawn for each of
the m units, and the mask of a unit serves all samples.

*Departures*
1. The uniforms are an argument. Without them the answer is a set: told, unit by unit, by the two
   outcomes that have a positive probability. Where no unit holds both signs the answer is exact.
2. f is any increasing map of [0, 1] to itself. By name: "identity", and "smoothstep", 3 P^2 -
   2 P^3, which is steeper in the middle; a function of a rational is taken, too.

*Degenerate cases.* Where all G_i are 0 the purity is 0/0; nothing has a sign and nothing is kept,
whatever it is. Where f(P) = U, as printed, neither sign is kept. U = 0 and U = 1 are refused: they
would drop what has one sign only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flint import fmpq

from mtl_reference.enclosure import Vector, decide
from mtl_reference.method import Answer, Kind, Method, Parameter, chosen, finite
from mtl_reference.pairing import difference
from mtl_reference.rational import (
    Jacobian,
    RationalVector,
    Rows,
    Scalar,
    jacobian,
    matrix,
    numbers,
    rational,
)

Shape = Callable[[fmpq], fmpq]

SHAPES: Final[Mapping[str, Shape]] = MappingProxyType(
    {"identity": lambda share: share, "smoothstep": lambda share: share * share * (3 - 2 * share)}
)

METHOD = Method(
    id="graddrop",
    paper="[CNHLA20] Chen et al.: Just Pick a Sign (2020), Algorithm 1",
    number_field="Q",
    parameters=(
        Parameter("leak", 0.0, "share of the dropped entries that is kept, 0 to 1", 0.0,
                  shape=("T",)),
        Parameter("f", "identity", "increasing map of purities", None, tuple(SHAPES)),
    ),
    inputs=("jacobian", "representation"),
    randomness=("uniforms",),
    perturbation="entries",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A coordinate whose sign is picked: its columns of the jacobian, and the T signed sums G_i."""

    columns: tuple[RationalVector, ...]
    signed: RationalVector

    @property
    def purity(self) -> fmpq | None:
        """The share of what is positive; None where nothing has a sign."""
        whole = sum(map(abs, self.signed), fmpq(0))
        above = sum((entry for entry in self.signed if entry > 0), fmpq(0))
        return above / whole if whole != 0 else None


def direction(
    rows: Rows,
    *,
    representation: Sequence[Sequence[Scalar]] | None = None,
    uniforms: Sequence[Scalar] | None = None,
    leak: float | Sequence[float] = 0.0,
    f: str | Shape = "identity",
) -> Answer:
    """The masked sum of the rows (T, d); ``uniforms`` (d,), or (m,) with a representation.

    Raises ValueError for what is not finite, uniforms not strictly inside (0, 1), leaks outside
    [0, 1], a wrong number of either, and an unknown f.

    >>> print(*direction([(1, 2), (-3, 4)], uniforms=(0.5, 0.5)).exact)
    -3 6
    """
    gradients = jacobian(rows)
    shape = SHAPES[chosen("f", f, tuple(SHAPES))] if isinstance(f, str) else f
    leaks = shares(leak, gradients.tasks)
    units = parted(gradients, representation)
    if uniforms is not None:
        drawn = _drawn(uniforms, len(units))
        kept = [_kept(unit, shape, draw) for unit, draw in zip(units, drawn, strict=True)]
        return Answer(Kind.EXACT, {"direction": _direction(units, kept, leaks)})
    choices = [_choices(unit, shape) for unit in units]
    if all(len(signs) == 1 for signs in choices):
        kept = [signs[0] for signs in choices]
        return Answer(Kind.EXACT, {"direction": _direction(units, kept, leaks)})
    reason = "the uniforms are not given, and the answer depends on them"
    return Answer(
        Kind.SET, reason=reason, members=lambda vector: _reached(units, choices, leaks, vector)
    )


def shares(leak: float | Sequence[float], tasks: int) -> RationalVector:
    """The leak of each task; ValueError unless there are T, or one for all, in [0, 1]."""
    found = numbers("leak", leak) if isinstance(leak, Sequence) else (finite("leak", leak),) * tasks
    if len(found) != tasks:
        message = f"leak must be one number, or one for each of {tasks} tasks (got {len(found)})"
        raise ValueError(message)
    if not all(0 <= share <= 1 for share in found):
        message = f"leak must lie in [0, 1] (got {leak})"
        raise ValueError(message)
    return found


def parted(
    gradients: Jacobian, representation: Sequence[Sequence[Scalar]] | None = None
) -> tuple[Unit, ...]:
    """The units whose signs are picked: each column by itself, or those of one unit's samples."""
    table = list(zip(*(gradients.row(task) for task in range(gradients.tasks)), strict=True))
    if representation is None:
        return tuple(Unit((column,), column) for column in table)
    samples = matrix("representation", representation)
    size = len(samples[0])
    if len(samples) * size != gradients.width:
        shape = (len(samples), size)
        message = f"representation must have {gradients.width} entries (got shape {shape})"
        raise ValueError(message)
    return tuple(
        _unit(table[place::size], [row[place] for row in samples]) for place in range(size)
    )


def _unit(columns: Sequence[RationalVector], values: Sequence[fmpq]) -> Unit:
    """Line 6 of Algorithm 1 [CNHLA20]: sign(Z) times the gradients, summed over the batch."""
    signs = [(value > 0) - (value < 0) for value in values]
    tasks = zip(*columns, strict=True)
    signed = (
        sum((sign * entry for sign, entry in zip(signs, line, strict=True)), fmpq(0))
        for line in tasks
    )
    return Unit(tuple(columns), tuple(signed))


def _drawn(uniforms: Sequence[Scalar], units: int) -> RationalVector:
    drawn = numbers("uniforms", uniforms)
    if len(drawn) != units:
        message = f"uniforms must be {units} numbers (got {len(drawn)})"
        raise ValueError(message)
    for place, draw in enumerate(drawn):
        if not 0 < draw < 1:
            message = f"uniforms[{place}] must lie strictly inside (0, 1) (got {draw})"
            raise ValueError(message)
    return drawn


def _kept(unit: Unit, shape: Shape, draw: fmpq) -> int:
    """The sign that is kept, lines 8 to 10 of Algorithm 1 [CNHLA20]; 0 for none."""
    if unit.purity is None:
        return 0
    level = rational(shape(unit.purity))
    return (level > draw) - (level < draw)


def _choices(unit: Unit, shape: Shape) -> tuple[int, ...]:
    """The signs that may be kept: those of a positive probability."""
    if unit.purity is None:
        return (0,)
    level = rational(shape(unit.purity))
    return tuple(sign for sign, chance in ((1, level), (-1, 1 - level)) if chance > 0)


def masked(unit: Unit, sign: int, leaks: RationalVector) -> RationalVector:
    """Line 11 of Algorithm 1 [CNHLA20] for one unit: an entry for each of its columns."""
    weights = [
        fmpq(1) if sign * entry > 0 else leak
        for entry, leak in zip(unit.signed, leaks, strict=True)
    ]
    return tuple(
        sum((w * x for w, x in zip(weights, column, strict=True)), fmpq(0))
        for column in unit.columns
    )


def _direction(units: Sequence[Unit], kept: Sequence[int], leaks: RationalVector) -> RationalVector:
    """The units' entries in the order of the jacobian's columns: sample after sample."""
    columns = [masked(unit, sign, leaks) for unit, sign in zip(units, kept, strict=True)]
    return tuple(entry for sample in zip(*columns, strict=True) for entry in sample)


def _reached(
    units: Sequence[Unit],
    choices: Sequence[Sequence[int]],
    leaks: RationalVector,
    vector: Vector,
) -> bool:
    """Whether each unit of a vector is what one of its signs gives."""
    size = len(units)
    return len(vector) == size * len(units[0].columns) and all(
        any(
            all(decide(rest) in {0, None} for rest in difference(masked(unit, sign, leaks), given))
            for sign in signs
        )
        for unit, signs, given in zip(
            units, choices, (tuple(vector[place::size]) for place in range(size)), strict=True
        )
    )

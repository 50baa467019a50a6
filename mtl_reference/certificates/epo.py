"""Why an EPO answer is right: its weights keep the constraints, and no weights do better.

What the constraints and the objective see of the weights is told by the direction: (Kb)_j =
<g_j, d> and b'Ka = <G'a, d>. The best value is found another way than the answer: the conditions of
Karush, Kuhn and Tucker of a linear program are a linear complementarity problem, whose path is
followed in exact numbers for rationals within 2^-2048 of the program's; so the value is known to as
many digits, not exactly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast, final

from flint import fmpq, fmpq_mat

from mtl_reference.certificates.mgda import combined, on_simplex
from mtl_reference.certificates.upgrad import complement
from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.linear import near
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import inner, length_above, products, times
from mtl_reference.rational import Jacobian, RationalVector, Scalar, numbers, rational
from mtl_reference.transcendental import logarithm

_VALUE_BITS: Final = 2048  # digits of the best value


@final
@dataclass(frozen=True, slots=True)
class _View:
    """A row of the program: weights on the tasks' products with the direction, and a bound.

    ``nearly`` is the bound for rounded shares: where shares and bounds are rounded apart, a program
    with a single answer may have none.
    """

    name: str
    shares: Vector
    bound: Number
    nearly: fmpq


def certificate(
    gradients: Jacobian,
    outputs: Outputs,
    *,
    losses: Sequence[Scalar],
    preference: Sequence[Scalar],
    mode: str = "restricted",
    threshold: Scalar = 2.0**-13,
) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    direction = cast("Vector | None", outputs.get("direction"))
    if direction is None:
        return
    gramian, sides = gradients.gramian(), products(gradients, direction)
    if "weights" in outputs:
        weights = cast("Vector", outputs["weights"])
        yield from on_simplex(weights)
        yield combined(gramian, sides, inner(direction, direction), weights)
    values, wish = numbers("losses", losses), numbers("preference", preference)
    objective, views = _program(gramian, values, wish, mode, rational(threshold))
    for view in views:
        value = inner(view.shares, sides) - view.bound
        slopes = {"direction": _steepness(gramian, view.shares)}
        yield Residual(f"{view.name} is kept", Relation.NONNEGATIVE, value, slopes)
    best = _best(gramian, objective, views)
    slopes = {"direction": _steepness(gramian, objective)}
    name = "no weights do better"
    yield Residual(name, Relation.ZERO, inner(objective, sides) - best, slopes)


def _steepness(gramian: fmpq_mat, shares: Vector) -> fmpq:
    return length_above(inner(shares, times(gramian, shares)))


def _program(
    gramian: fmpq_mat, losses: RationalVector, preference: RationalVector, mode: str, limit: fmpq
) -> tuple[Vector, list[_View]]:
    """The objective's shares and the rows."""
    tasks, zero = len(losses), fmpq(0)
    weighed = [r * loss for r, loss in zip(preference, losses, strict=True)]
    parts = [each / sum(weighed, zero) for each in weighed]
    logs = [logarithm(tasks * part) for part in parts]
    level = inner(parts, logs)
    shares = tuple(r * (each - level) for r, each in zip(preference, logs, strict=True))
    pulled, close = times(gramian, shares), _image(gramian, shares)
    rises = [decide(number) == 1 for number in pulled]
    axes = [tuple(fmpq(int(i == j)) for j in range(tasks)) for i in range(tasks)]
    names = [f"the bound of task {task}" for task in range(tasks)]
    if decide(level - limit) != 1:
        views = [_View(names[j], axes[j], zero, zero) for j in range(tasks)]
        if mode == "restricted":
            free = any(decide(each) != -1 for each in pulled)
            level, nearly = (zero, zero) if free else (max(pulled), max(close))
            views.append(_View("the balance", shares, level, nearly))
        return (fmpq(1),) * tasks, views
    if not any(rises):
        return shares, [_View(names[j], axes[j], zero, zero) for j in range(tasks)]
    views = []
    for task in range(tasks):
        if weighed[task] == max(weighed):
            views.append(_View(names[task], axes[task], zero, zero))
        elif not rises[task]:
            views.append(_View(names[task], axes[task], pulled[task], close[task]))
    return shares, views


def _best(gramian: fmpq_mat, objective: Vector, views: Sequence[_View]) -> fmpq:
    """The best value, by the complementarity problem in (b, multipliers)."""
    tasks, ones = gramian.nrows(), [fmpq(1)] * gramian.nrows()
    rows = [_image(gramian, view.shares) for view in views]
    rows += [ones, [-one for one in ones]]
    bounds = [*(view.nearly for view in views), fmpq(1), fmpq(-1)]
    gains = _image(gramian, objective)
    size = tasks + len(rows)
    matrix = fmpq_mat(size, size)
    for place, row in enumerate(rows):
        for task, entry in enumerate(row):
            matrix[tasks + place, task] = entry
            matrix[task, tasks + place] = -entry
    offsets = [*(-gain for gain in gains), *(-bound for bound in bounds)]
    weights = complement(matrix, offsets)[:tasks]
    return sum((gain * b for gain, b in zip(gains, weights, strict=True)), fmpq(0))


def _image(gramian: fmpq_mat, shares: Vector) -> list[fmpq]:
    """The Gramian times rounded shares: what is 0 for every b of its null space stays 0."""
    column = fmpq_mat([[near(share, _VALUE_BITS)] for share in shares])
    return [entry for (entry,) in (gramian * column).tolist()]

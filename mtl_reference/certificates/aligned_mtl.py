"""Why an Aligned-MTL answer is right: a second derivation, by Newton's method for the square root.

With P the orthogonal projector on the range of K (rational), K + m (1 - P) is positive definite for
a number m > 0 and has K's root on that range. Newton's method gives a definite matrix X near its
root, and |X - root| <= |X^2 - K - m (1 - P)| / least eigenvalue of the root: a proof for whatever
X it gives. The least eigenvalue lies between a number that, taken off, leaves the matrix
definite, and a Rayleigh quotient. The characteristic polynomial, from which the method works, is
not met.
"""

from collections.abc import Iterator
from typing import cast

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference.enclosure import Real, Vector
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.pairing import combine, difference, length
from mtl_reference.rational import Jacobian, nullspace, root_above

_ROUNDS = 400


def certificate(jacobian: Jacobian, outputs: Outputs) -> Iterator[Residual]:
    """Conditions on "direction" (d,) and "weights" (T,), whichever are there."""
    expected = _Root(jacobian.gramian()).weights()
    direction = cast("Vector | None", outputs.get("direction"))
    weights = cast("Vector | None", outputs.get("weights"))
    if weights is not None:
        rest = length(difference(weights, expected))
        yield Residual("weights", Relation.ZERO, rest, {"weights": fmpq(1)})
    if direction is not None:
        rest = length(difference(direction, combine(jacobian, expected)))
        yield Residual("direction", Relation.ZERO, rest, {"direction": fmpq(1)})
    if direction is not None and weights is not None:
        gramian = jacobian.gramian()
        size = sum((gramian[task, task] for task in range(jacobian.tasks)), fmpq(0))
        rest = length(difference(direction, combine(jacobian, weights)))
        slopes = {"direction": fmpq(1), "weights": root_above(size)}
        yield Residual("combination", Relation.ZERO, rest, slopes)


class _Root:
    """The root of K made definite, and the weights that come of it."""

    def __init__(self, gramian: fmpq_mat) -> None:
        tasks = gramian.nrows()
        identity = fmpq_mat(tasks, tasks, [int(i == j) for i in range(tasks) for j in range(tasks)])
        self.projector = identity - _onto_null(gramian)
        trace = sum((gramian[task, task] for task in range(tasks)), fmpq(0))
        self.filled = gramian + (identity - self.projector) * (trace if trace != 0 else fmpq(1))
        self.zero = trace == 0
        self._balls: dict[int, tuple[arb, ...]] = {}

    def weights(self) -> Vector:
        """The weights sqrt(mu) root^-1 P p, refinable."""
        tasks = self.filled.nrows()
        if self.zero:
            return (fmpq(0),) * tasks
        return tuple(self._entry(task) for task in range(tasks))

    def _entry(self, task: int) -> Real:
        return Real(lambda bits: self._enclosed(bits)[task])

    def _enclosed(self, bits: int) -> tuple[arb, ...]:
        if bits not in self._balls:
            with ctx.workprec(2 * bits):
                self._balls[bits] = self._computed()
        return self._balls[bits]

    def _computed(self) -> tuple[arb, ...]:
        """Balls at the precision that the caller set, nan where it is too low for the proof."""
        tasks = self.filled.nrows()
        filled = arb_mat(self.filled)
        share = fmpq_mat(tasks, 1, [fmpq(1, tasks)] * tasks)
        try:
            least = _least_eigenvalue(filled)
            root = _enclosed_root(filled, least)
            solved = root.solve(arb_mat(self.projector * share))
        except (ZeroDivisionError, ValueError):
            return (arb.nan(),) * tasks
        return tuple(entry * least.sqrt() for entry in solved.entries())


def _least_eigenvalue(matrix: arb_mat) -> arb:
    """A ball that holds it: less makes the matrix definite, a Rayleigh quotient is no less.

    ValueError where the precision does not tell.
    """
    size = matrix.nrows()
    values, vectors = matrix.mid().eig(right=True, algorithm="approx")
    place = min(range(size), key=lambda k: values[k].real.mid())
    column = arb_mat(size, 1, [vectors[i, place].real.mid() for i in range(size)])
    square = (column.transpose() * column)[0, 0]
    quotient = (column.transpose() * matrix * column)[0, 0] / square
    for halves in range(ctx.prec // 2, 2, -8):
        low = (quotient.mid() * (1 - arb(2) ** -halves)).mid()
        shift = arb_mat(size, size, [low * (i == j) for i in range(size) for j in range(size)])
        if low > 0 and _is_definite(matrix - shift):
            return low.union(quotient.upper())
    message = "the precision is too low for a proof"
    raise ValueError(message)


def _enclosed_root(matrix: arb_mat, least: arb) -> arb_mat:
    """Balls that hold the root of a definite matrix; ValueError where they cannot be told."""
    size = matrix.nrows()
    point = _newton(matrix.mid())
    gap = point * point - matrix
    error = sum((abs(entry) * abs(entry) for entry in gap.entries()), arb(0)).upper().sqrt()
    spread = (error / least.sqrt()).upper()
    if not (least > 0 and spread.is_finite() and _is_definite(point)):
        message = "the precision is too low for a proof"
        raise ValueError(message)
    return point + arb_mat(size, size, [arb(0, spread)] * (size * size))


def _newton(matrix: arb_mat) -> arb_mat:
    """A symmetric matrix near the root, by the stable coupled form (Denman and Beavers, 1976)."""
    size = matrix.nrows()
    point, inverse = (
        matrix,
        arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)]),
    )
    last = arb("inf")
    for _ in range(_ROUNDS):
        moved = (point + inverse.inv()) * arb(0.5)
        inverse = ((inverse + point.inv()) * arb(0.5)).mid()
        moved = ((moved + moved.transpose()) * arb(0.5)).mid()
        change = max(abs(entry) for entry in (moved - point).entries())
        point = moved
        if not change < last and change < arb(2) ** (-ctx.prec // 4) * max(
            abs(entry) for entry in point.entries()
        ):
            break
        last = change
    return point


def _is_definite(matrix: arb_mat) -> bool:
    """Whether elimination in balls meets positive pivots alone."""
    rest = arb_mat(matrix)
    for place in range(matrix.nrows()):
        pivot = rest[place, place]
        if not pivot > 0:
            return False
        row = [rest[place, k] for k in range(matrix.nrows())]
        for i in range(place + 1, matrix.nrows()):
            factor = rest[i, place] / pivot
            for k in range(place, matrix.nrows()):
                rest[i, k] -= factor * row[k]
    return True


def _onto_null(gramian: fmpq_mat) -> fmpq_mat:
    """The orthogonal projector (T, T) on the null space."""
    basis = nullspace(gramian)
    if not basis:
        return fmpq_mat(gramian.nrows(), gramian.ncols())
    columns = fmpq_mat([list(vector) for vector in basis]).transpose()
    return columns * (columns.transpose() * columns).inv() * columns.transpose()

"""Networks with polynomial activations, on which Recon's theorem is followed exactly.

A network is a chain of shared matrices with the activation h + h^2 between them and a linear head
for each task; each loss is half the square of its head's error, summed over the batch. Losses are
polynomials in the parameters. Where these are polynomials in a step size a, so is every loss after
a step of size a, and how two ways to step compare is decided for all small a at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_poly

Matrix = tuple[tuple[fmpq_poly, ...], ...]
Rational = tuple[tuple[fmpq, ...], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Shared layers, one row of head weights for each task, a batch of inputs and its targets.

    ``layers[k]`` is (m_k, m_(k-1)); ``heads`` (T, m_last); ``inputs`` (n, m_0); ``targets`` (n, T).
    """

    layers: tuple[Rational, ...]
    heads: Rational
    inputs: Rational
    targets: Rational

    @property
    def tasks(self) -> int:
        """Number of tasks."""
        return len(self.heads)


def constant(matrix: Rational) -> Matrix:
    """A matrix of numbers as polynomials."""
    return tuple(tuple(fmpq_poly([entry]) for entry in row) for row in matrix)


def moved(matrix: Rational, step: Rational) -> Matrix:
    """The matrix less a times the step, as polynomials in a."""
    return tuple(
        tuple(fmpq_poly([entry, -change]) for entry, change in zip(row, changes, strict=True))
        for row, changes in zip(matrix, step, strict=True)
    )


def product(matrix: Matrix, vector: Sequence[fmpq_poly]) -> list[fmpq_poly]:
    """A matrix times a vector."""
    return [
        sum((a * b for a, b in zip(row, vector, strict=True)), fmpq_poly([0])) for row in matrix
    ]


def loss(network: Network, task: int, layers: Sequence[Matrix], head: Matrix) -> fmpq_poly:
    """A task's loss with these layers and this head (1, m), a polynomial in what they are of."""
    total = fmpq_poly([0])
    for row, wanted in zip(network.inputs, network.targets, strict=True):
        features = [fmpq_poly([entry]) for entry in row]
        for place, layer in enumerate(layers):
            features = product(layer, features)
            if place + 1 < len(layers):
                features = [h + h * h for h in features]
        error = product(head, features)[0] - wanted[task]
        total += error * error * fmpq(1, 2)
    return total


def gradients(network: Network, task: int) -> tuple[tuple[Rational, ...], Rational]:
    """Exact gradients of a task's loss by each shared layer, and by its head (1, m).

    Each entry is the derivative at 0 of the loss as a polynomial in that entry's move: slow, and
    nothing can be wrong in it that is not wrong in the loss.
    """
    fixed = [constant(layer) for layer in network.layers]
    head = constant((network.heads[task],))

    def slope(layers: Sequence[Matrix], own: Matrix) -> fmpq:
        return loss(network, task, layers, own)[1]

    shared = tuple(
        tuple(
            tuple(
                slope([*fixed[:k], _nudged(layer, i, j), *fixed[k + 1 :]], head)
                for j in range(len(row))
            )
            for i, row in enumerate(layer)
        )
        for k, layer in enumerate(network.layers)
    )
    own = tuple(slope(fixed, _nudged((network.heads[task],), 0, j)) for j in range(len(head[0])))
    return shared, (own,)


def _nudged(matrix: Rational, row: int, column: int) -> Matrix:
    """The matrix with a added to one entry."""
    step = tuple(
        tuple(fmpq(-int((i, j) == (row, column))) for j in range(len(entries)))
        for i, entries in enumerate(matrix)
    )
    return moved(matrix, step)


def task_gradients(network: Network, layer: int) -> Rational:
    """The tasks' gradients (T, d_k) by one shared layer."""
    return tuple(_flat(gradients(network, task)[0][layer]) for task in range(network.tasks))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One step of the converted and of the plain network, compared for all step sizes at once.

    ``difference`` is L(converted) - L(plain) as a polynomial in the step size; ``layers`` the
    task gradients (T, d_k) of the layers that were turned.
    """

    difference: fmpq_poly
    layers: tuple[Rational, ...]

    @property
    def safe(self) -> fmpq:
        """A step size below which the sign of the difference is that of its first-order term.

        With c the largest further coefficient, |sum_(k>1) c_k a^(k-1)| <= c a / (1 - a), which is
        below |c_1| if a < |c_1| / (|c_1| + c).
        """
        first, *rest = [abs(each) for each in list(self.difference)[1:]]
        return first / (first + max(rest, default=fmpq(0)))


def compared(network: Network, turned: Sequence[int], weights: Sequence[fmpq]) -> Comparison:
    """Step (3) of the converted and (4) of the plain network (Theorem 4.1), with these weights."""
    found = [gradients(network, task) for task in range(network.tasks)]
    mixed = [
        _combined([shared[k] for shared, _ in found], weights) for k in range(len(network.layers))
    ]
    plain = [moved(layer, step) for layer, step in zip(network.layers, mixed, strict=True)]
    difference = fmpq_poly([0])
    for task, (shared, own) in enumerate(found):
        head = moved((network.heads[task],), own)
        mine = [
            moved(network.layers[k], shared[k]) if k in turned else plain[k]
            for k in range(len(plain))
        ]
        difference += loss(network, task, mine, head) - loss(network, task, plain, head)
    rows = tuple(tuple(_flat(shared[k]) for shared, _ in found) for k in turned)
    return Comparison(difference, rows)


def summed(network: Network, turned: Sequence[int]) -> Comparison:
    """The same where the plain network takes the sum of the gradients, as published code does."""
    return compared(network, turned, (fmpq(1),) * network.tasks)


def _combined(matrices: Sequence[Rational], weights: Sequence[fmpq]) -> Rational:
    return tuple(
        tuple(
            sum((w * m[i][j] for w, m in zip(weights, matrices, strict=True)), fmpq(0))
            for j in range(len(matrices[0][0]))
        )
        for i in range(len(matrices[0]))
    )


def _flat(matrix: Rational) -> tuple[fmpq, ...]:
    return tuple(entry for row in matrix for entry in row)

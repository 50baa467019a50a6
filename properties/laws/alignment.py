"""The laws of Aligned-MTL and ConFIG: what aligned gradients look like."""

from collections.abc import Iterator

from flint import fmpq

from mtl_reference.method import Relation
from mtl_reference.rational import nullspace
from mtl_reference.spectrum import Spectrum
from properties.example import Example, Margin, Subject
from properties.laws.cagrad_mgda import certified
from properties.laws.law import Law, along, ask, direction, dot, first_slope, root, rows_of

ONE_BEND = {(0, "direction"): fmpq(1)}
FAMILIES = ("generic", "conflicting", "aligned", "all_conflicting", "wide", "orthogonal",
            "badly_scaled", "tall", "dependent")  # fmt: skip


def _aligned(example: Example, subject: Subject) -> Iterator[Margin]:
    """|d|^2 = mu / T for independent rows, mu the least eigenvalue: no longer than any row's part.

    mu is at most the square of any row that is not zero, so T |d|^2 <= |g_i|^2.
    """
    yield from certified(example, subject)
    seen = ask(subject, example)
    gramian = seen.jacobian.gramian()
    tasks = fmpq(seen.jacobian.tasks)
    if gramian.det() == 0:
        return
    square = dot(direction(seen), direction(seen))
    values = Spectrum(gramian).rational_eigenvalues()
    if values is not None:
        value = square - values[-1] / tasks
        slopes = first_slope("direction", 2 * root(values[-1] / tasks))
        yield Margin("|d|^2 = mu / T", Relation.ZERO, value, (seen,), slopes, ONE_BEND)
    for task in range(seen.jacobian.tasks):
        least = gramian[task, task] / tasks
        slopes = first_slope("direction", 2 * root(least))
        name = f"T |d|^2 <= |g_{task}|^2"
        yield Margin(name, Relation.NONNEGATIVE, least - square, (seen,), slopes, ONE_BEND)


def _config(example: Example, subject: Subject) -> Iterator[Margin]:
    """Equal projections, and the length that is the sum of them; for independent rows."""
    yield from certified(example, subject)
    seen = ask(subject, example)
    rows, gramian = rows_of(seen), seen.jacobian.gramian()
    if nullspace(gramian):
        return
    reached = [along(row, direction(seen)) for row in rows]
    for task, value in enumerate(reached[1:], start=1):
        name, gap = f"projections 0 and {task}", value - reached[0]
        yield Margin(name, Relation.ZERO, gap, (seen,), first_slope("direction", fmpq(2)))


LAWS = (
    Law("aligned-spectrum", "D", "The weights are sqrt(mu) K^(-1/2) 1/T on the range of K; so T"
        " |d|^2 is the least eigenvalue mu where K is invertible.", "none", "X F", _aligned,
        FAMILIES),
    Law("config-projections", "D", "All projections on the rows are equal where the rows are"
        " independent, and their sum is what gives the length.", "no zero row", "X F", _config,
        FAMILIES),
)  # fmt: skip

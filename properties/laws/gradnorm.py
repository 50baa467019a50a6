"""The law of GradNorm: each weight moves against its force, by the length of its gradient."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flint import fmpq

from mtl_reference.enclosure import Number, Vector, decide
from mtl_reference.method import Relation
from mtl_reference.rational import jacobian, rational
from mtl_reference.surd import sqrt
from mtl_reference.transcendental import power
from properties.example import Example, Margin, Observation, Subject
from properties.laws.law import (
    Law,
    ask,
    first_slope,
    parameter,
    rows_of,
    squared,
    times,
    total,
    weights,
)
from properties.laws.losses import MAIN, given, sum_is


def _gradnorm_force(example: Example, subject: Subject) -> Iterator[Margin]:
    """Before the weights are made to sum to T, w_i moves by -lr sign(G_i - G r_i^alpha) n_i.

    The answer has the weights after that, so they must sum to T and stand as the moved ones do.
    """
    seen = ask(subject, example)
    found, moved = weights(seen), _moved(example, seen)
    yield sum_is(seen, fmpq(len(found)))
    whole = total(moved)
    size = whole if decide(whole) == 1 else -whole
    for task, (weight, aim) in enumerate(zip(found, moved, strict=True)):
        rest = weight * whole - len(found) * aim
        name = f"weight {task} moves by its force"
        yield Margin(name, Relation.ZERO, rest, (seen,), first_slope("weights", size))


def _moved(example: Example, seen: Observation) -> Vector:
    """The weights (T,) after the step alone."""
    before, rate = (
        given(example, "weights"),
        fmpq(*parameter(example, "learning_rate").as_integer_ratio()),
    )
    lengths = [sqrt(squared(row)) for row in rows_of(seen)]
    forces = _forces(example, [w * length for w, length in zip(before, lengths, strict=True)])
    triples = zip(before, forces, lengths, strict=True)
    return tuple(weight - rate * force * length for weight, force, length in triples)


def _forces(example: Example, norms: Sequence[Number]) -> list[int]:
    """sign(G_i - G r_i^alpha) for positive weights."""
    alpha = rational(parameter(example, "alpha"))
    pairs = zip(given(example, "losses"), given(example, "initial_losses"), strict=True)
    ratios = [now / first for now, first in pairs]
    mean, rate = total(norms) / len(norms), sum(ratios, fmpq(0)) / len(ratios)
    targets = [mean * power(ratio / rate, alpha) for ratio in ratios]
    return [decide(norm - target) or 0 for norm, target in zip(norms, targets, strict=True)]


def clear_of_targets(example: Example) -> bool:
    """Whether every norm is further from its target than an eighth of it, and weights are positive.

    Nearer by, rounding may decide the sign.
    """
    gramian = jacobian(example.rows).gramian()
    before = given(example, "weights")
    if example.earlier or min(before) <= 0 or min(given(example, "losses")) <= 0:
        return False
    norms = [weight * sqrt(gramian[task, task]) for task, weight in enumerate(before)]
    near = _forces(example, times(fmpq(7, 8), norms)), _forces(example, times(fmpq(9, 8), norms))
    return len(norms) > 1 and near[0] == near[1]


def _lengths(example: Example, subject: Subject) -> Iterator[Margin]:
    """Columns in reverse with other signs, and a column of zeros, leave the lengths as they are."""
    turned = tuple((0.0, *(-entry for entry in reversed(row))) for row in example.rows)
    both = (ask(subject, example), ask(subject, replace(example, rows=turned)))
    slopes = {(0, "weights"): fmpq(1), (1, "weights"): fmpq(1)}
    pairs = zip(weights(both[0]), weights(both[1]), strict=True)
    for task, (before, after) in enumerate(pairs):
        yield Margin(f"weight {task}", Relation.ZERO, after - before, both, slopes)


LAWS = (
    Law("gradnorm-force", "D", "Before they are made to sum to T, the weights move by -lr"
        " sign(G_i - G r_i^alpha) n_i.", "T > 1, positive weights, no norm near its target", "X F",
        _gradnorm_force, ("generic", "conflicting", "badly_scaled", "orthogonal"), needs=MAIN),
    Law("gradnorm-lengths", "D", "The weights depend on the gradients by their lengths alone.",
        "no norm near its target", "X F", _lengths, ("generic", "wide", "dependent"), needs=MAIN),
)  # fmt: skip

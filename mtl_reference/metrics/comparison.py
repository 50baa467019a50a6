"""Figures over tasks and methods: Δm, mean ranks, average error, success rate."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from flint import fmpq

from mtl_reference.metrics.counting import mean, paired, share
from mtl_reference.rational import Scalar, matrix, numbers


def delta_m(
    values: Sequence[Scalar],
    baseline: Sequence[Scalar],
    lower_is_better: Sequence[bool],
    task: Sequence[int],
    convention: str = "flat-drop",
) -> fmpq:
    """Δm against a baseline, as a fraction: a drop averaged over all criteria, or a gain by task.

    "flat-drop" (CAGrad, GradOPS): mean over criteria of (-1)^l (M - B)/B with l = 1 where higher
    is better. "grouped-gain" (Recon): l = 1 where lower is better, the mean over each task's
    criteria, then over the tasks. Divided by the signed baseline; ValueError where one is 0.
    """
    found, base = numbers("values", values), numbers("baseline", baseline)
    paired("values", found, "baseline", base)
    if len(lower_is_better) != len(found) or len(task) != len(found):
        message = f"lower_is_better and task must have {len(found)} entries, as values has"
        raise ValueError(message)
    if (zero := next((place for place, each in enumerate(base) if each == 0), None)) is not None:
        message = f"baseline[{zero}] must not be 0"
        raise ValueError(message)
    gains = [
        (m - b) / b * (-1 if lower else 1)
        for m, b, lower in zip(found, base, lower_is_better, strict=True)
    ]
    if convention not in DELTAS:
        message = f"convention must be one of {', '.join(DELTAS)} (got {convention!r})"
        raise ValueError(message)
    if not gains:
        message = "values must not be empty"
        raise ValueError(message)
    return DELTAS[convention](gains, task)


def _flat_drop(gains: Sequence[fmpq], _task: Sequence[int]) -> fmpq:
    return -sum(gains, fmpq(0)) / len(gains)


def _grouped_gain(gains: Sequence[fmpq], task: Sequence[int]) -> fmpq:
    groups: dict[int, list[fmpq]] = {}
    for gain, number in zip(gains, task, strict=True):
        groups.setdefault(number, []).append(gain)
    return sum((sum(each, fmpq(0)) / len(each) for each in groups.values()), fmpq(0)) / len(groups)


DELTAS: Mapping[str, Callable[[Sequence[fmpq], Sequence[int]], fmpq]] = MappingProxyType(
    {"flat-drop": _flat_drop, "grouped-gain": _grouped_gain}
)


def mean_ranks(
    values: Sequence[Sequence[Scalar]], lower_is_better: Sequence[bool], ties: str = "ordinal"
) -> tuple[fmpq, ...]:
    """Rank of each method (row) among all, 1 being best, averaged over the criteria (columns).

    ``ties``: "ordinal" in row order, "min", "average", "max" or "dense".
    """
    rows = matrix("values", values)
    if any(len(row) != len(lower_is_better) for row in rows):
        count = len(lower_is_better)
        message = f"lower_is_better must have one entry for each criterion (got {count})"
        raise ValueError(message)
    if ties not in TIES:
        message = f"ties must be one of {', '.join(TIES)} (got {ties!r})"
        raise ValueError(message)
    columns = [
        [row[place] if lower else -row[place] for row in rows]
        for place, lower in enumerate(lower_is_better)
    ]
    ranked = [TIES[ties](column) for column in columns]
    return tuple(mean([column[place] for column in ranked]) for place in range(len(rows)))


def _ordinal(column: Sequence[fmpq]) -> list[fmpq]:
    order = sorted(range(len(column)), key=lambda place: column[place])
    places = {row: place for place, row in enumerate(order, start=1)}
    return [fmpq(places[row]) for row in range(len(column))]


def _least(column: Sequence[fmpq]) -> list[fmpq]:
    return [fmpq(1 + sum(other < each for other in column)) for each in column]


def _most(column: Sequence[fmpq]) -> list[fmpq]:
    return [fmpq(sum(other <= each for other in column)) for each in column]


def _middle(column: Sequence[fmpq]) -> list[fmpq]:
    pairs = zip(_least(column), _most(column), strict=True)
    return [(low + high) / 2 for low, high in pairs]


def _dense(column: Sequence[fmpq]) -> list[fmpq]:
    known = sorted(set(column))
    return [fmpq(1 + known.index(each)) for each in column]


TIES: Mapping[str, Callable[[Sequence[fmpq]], list[fmpq]]] = MappingProxyType(
    {"ordinal": _ordinal, "min": _least, "average": _middle, "max": _most, "dense": _dense}
)


def average_error(errors: Sequence[Scalar]) -> fmpq:
    """Mean of the tasks' errors (CelebA)."""
    exact = numbers("errors", errors)
    return sum(exact, fmpq(0)) / len(exact)


def success_rate(successes: Sequence[Sequence[int]]) -> fmpq:
    """Best over the evaluations of the mean success over tasks and episodes (Meta-World).

    ``successes``: one row an evaluation, one entry 0 or 1 an episode.
    """
    if any(each not in {0, 1} for row in successes for each in row):
        message = "successes must be 0 or 1"
        raise ValueError(message)
    return max(share(sum(row), len(row), "the success rate") for row in successes)

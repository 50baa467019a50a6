"""How far one run of a method moves when its Gramian does, to first order.

Derivatives by a tiny step in balls, with every decision of the run frozen. What is granted and
why stands in `conformance.tolerance`; here is nothing but calculus.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, overload

from flint import arb, arb_mat, fmpq

from conformance import tolerance
from mtl_reference.method import Trace

Follow = Callable[[arb_mat, Sequence[arb], Mapping[str, bool]], Trace]

_PER_STEP: Final = 1 / tolerance.STEP


@dataclass(frozen=True, slots=True)
class Bounds:
    """B of each output in units of u: the vector's length, and each task's gradient's."""

    direction: arb
    weights: arb
    tasks: tuple[arb, ...] = ()

    @property
    def task_gradients(self) -> arb:
        """B of all task gradients as one vector, the root of the sum of squares."""
        return sum((each * each for each in self.tasks), arb(0)).sqrt()


@dataclass(frozen=True, slots=True)
class Setting:
    """One input as the analysis sees it: Gramian, lengths of rows, width, dtype, and the method.

    ``c`` is CAGrad's parameter, which its bound needs.
    """

    method: str
    follow: Follow
    gramian: arb_mat
    norms: tuple[arb, ...]
    width: int
    dtype: str
    c: fmpq = field(default_factory=fmpq)


class Lengths(Sequence[arb]):
    """The lengths of the rows, noting whether anybody read them."""

    __slots__ = ("read", "values")

    def __init__(self, values: Sequence[arb]) -> None:
        self.values, self.read = values, False

    @overload
    def __getitem__(self, index: int) -> arb: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[arb]: ...
    def __getitem__(self, index: int | slice) -> arb | Sequence[arb]:
        self.read = True
        return self.values[index]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Run:
    """A run on one combination of outcomes: its trace, bounds, and how its decisions move.

    ``bounds`` is None where the first order says nothing. ``near`` is True where the run is not
    the given Gramian's but that of `neighbour`.
    """

    trace: Trace
    bounds: Bounds | None
    turns: Mapping[str, arb]
    near: bool = False


def run(setting: Setting, fixed: Mapping[str, bool]) -> Run | None:
    """The run on one combination of outcomes; None where it has no derivative.

    At a singular Gramian the smooth map may have no derivative, and near one the first order may
    say nothing. The map is then followed from a point of the neighbourhood that the model allows,
    where it has bounds there.
    """
    here = _followed(setting, setting.gramian, fixed, near=False)
    if here is not None and here.bounds is not None:
        return here
    there = _followed(setting, neighbour(setting), fixed, near=True)
    return there if there is not None and there.bounds is not None else here


def neighbour(setting: Setting) -> arb_mat:
    """A Gramian that rounding may lead to and that is not singular: K + (d + 2) u diag(n_i^2)."""
    share = arb(tolerance.worst_case(setting.width, setting.dtype))
    inside = arb_mat(setting.gramian)
    for task, norm in enumerate(setting.norms):
        inside[task, task] += share * norm * norm
    return inside


def _followed(
    setting: Setting, gramian: arb_mat, fixed: Mapping[str, bool], *, near: bool
) -> Run | None:
    lengths = Lengths(setting.norms)
    trace = traced(setting, gramian, lengths, fixed)
    if trace is None:
        return None
    frozen = dict(fixed) | {decision.name: decision.outcome for decision in trace.decisions}
    sums = _Sums(setting, trace)
    for moved, norms, weight in _moves(gramian, setting.norms, read=lengths.read):
        other = traced(setting, moved, norms, frozen)
        if other is None or _names(other) != _names(trace):
            return None
        sums.add(trace, other, weight)
    bounds = sums.bounds(trace)
    kept = bounds if bounds is not None and _finite(bounds) else None
    return Run(trace, kept, sums.turned(), near)


def traced(
    setting: Setting, gramian: arb_mat, norms: Sequence[arb], fixed: Mapping[str, bool]
) -> Trace | None:
    """The method followed on a Gramian; None where it has no finite answer there."""
    try:
        trace = setting.follow(gramian, norms, fixed)
    except (ZeroDivisionError, ArithmeticError):
        return None
    numbers = [*trace.weights, *(weight for row in trace.task_weights for weight in row)]
    return trace if all(number.is_finite() for number in numbers) else None


def _names(trace: Trace) -> list[str]:
    """The decisions of a run; another list of them is another map, and no derivative."""
    return [decision.name for decision in trace.decisions]


def _finite(bounds: Bounds) -> bool:
    return all(each.is_finite() for each in (bounds.direction, *bounds.tasks))


def _moves(
    gramian: arb_mat, norms: Sequence[arb], *, read: bool
) -> Iterator[tuple[arb_mat, Sequence[arb], int]]:
    """Each move of the model by one tiny step: the moved Gramian, lengths, and its multiplicity.

    A diagonal entry moves twice: with the length that it stands for, and (C_ii) alone. For a
    method that reads no lengths both are the same move, counted twice.
    """
    step = arb(tolerance.STEP)
    root = (1 + step).sqrt()
    for i in range(len(norms)):
        for j in range(i, len(norms)):
            size = norms[i] * norms[j] * step
            if size.is_zero():
                continue  # what is zero in the dtype is known without error
            moved = arb_mat(gramian)
            moved[i, j] += size
            if i != j:
                moved[j, i] = moved[i, j]
                yield moved, norms, 1
            elif not read:
                yield moved, norms, 2
            else:
                yield moved, [*norms[:i], norms[i] * root, *norms[i + 1 :]], 1
                yield moved, norms, 1


class _Sums:
    """Squared first-order changes of the outputs, and absolute ones of the decisions."""

    def __init__(self, setting: Setting, trace: Trace) -> None:
        self.setting = setting
        self.direction, self.weights = arb(0), arb(0)
        self.tasks = [arb(0)] * len(trace.task_weights)
        self.turns = [arb(0)] * len(trace.decisions)
        self.names = _names(trace)

    def add(self, trace: Trace, other: Trace, multiplicity: int) -> None:
        """Add the effect of one move, a step apart from the trace."""
        rows = [_difference(other.weights, trace.weights)]
        rows += map(_difference, other.task_weights, trace.task_weights)
        change = arb_mat(rows)
        image = change * self.setting.gramian
        self.direction += _inner(change, image, 0) * multiplicity
        self.weights += sum((each * each for each in rows[0]), arb(0)) * multiplicity
        for task in range(len(self.tasks)):
            self.tasks[task] += _inner(change, image, task + 1) * multiplicity
        pairs = zip(trace.decisions, other.decisions, strict=True)
        for place, (before, after) in enumerate(pairs):
            self.turns[place] += abs(after.value - before.value) * multiplicity

    def turned(self) -> dict[str, arb]:
        """How far each decision's value moves in all, for each unit of the model."""
        per_step = arb(_PER_STEP)
        return {name: turn * per_step for name, turn in zip(self.names, self.turns, strict=True)}

    def bounds(self, trace: Trace) -> Bounds | None:
        """B of each output from the sums; None where the first order says nothing.

        A bound of more than the terms themselves (u B > omega) is no first-order statement. Nor is
        one of more than the answer and all rows together: terms may be huge and cancel.
        """
        setting = self.setting
        width, norms, dtype = setting.width, setting.norms, setting.dtype
        terms = tolerance.omega(trace.weights, norms)
        squared = arb(_PER_STEP * _PER_STEP)
        direction = tolerance.bound(terms, self.direction * squared, width)
        limit = ceiling(setting, trace)
        if limit is not None and not direction <= limit:
            direction = limit
        most = terms if limit is not None else min(terms, self._size(trace))
        if not direction * arb(tolerance.roundoff(dtype)) <= most and not direction.is_zero():
            return None
        lost = tolerance.underflow(norms, width, dtype)
        tasks = tuple(
            tolerance.bound(tolerance.omega(row, norms), squares * squared, width) + lost
            for row, squares in zip(trace.task_weights, self.tasks, strict=True)
        )
        own = sum((weight * weight for weight in trace.weights), arb(0)).sqrt()
        return Bounds(
            direction + lost, tolerance.bound(own, self.weights * squared, width) + lost, tasks
        )

    def _size(self, trace: Trace) -> arb:
        """Length of the answer and lengths of the rows, all together, from above."""
        row = arb_mat([list(trace.weights)])
        square = (row * self.setting.gramian * row.transpose())[0, 0].nonnegative_part()
        return (square.sqrt() + sum(self.setting.norms, arb(0))).upper()


def ceiling(setting: Setting, trace: Trace) -> arb | None:
    """The bound that needs no derivative, where the method has one."""
    return tolerance.ceiling(
        setting.method,
        setting.gramian,
        setting.norms,
        trace.weights,
        setting.width,
        setting.dtype,
        setting.c,
        trace.reach,
    )


def _difference(after: Sequence[arb], before: Sequence[arb]) -> list[arb]:
    return [late - early for late, early in zip(after, before, strict=True)]


def _inner(change: arb_mat, image: arb_mat, row: int) -> arb:
    columns = range(change.ncols())
    return sum((change[row, k] * image[row, k] for k in columns), arb(0))

"""How a method's answer moves when its Gramian does, on every outcome of its open branches.

The machinery behind the bounds: derivatives by a tiny step in balls, and the tree of outcomes.
What is granted and why stands in `conformance.tolerance`; here is nothing but calculus.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import overload

from flint import arb, arb_mat, ctx, fmpq

from conformance import tolerance
from mtl_reference.method import Decision, Trace

Follow = Callable[[arb_mat, Sequence[arb], Mapping[str, bool]], Trace]


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
class Outcome:
    """One answer that the open branches allow: coefficients on the rows, and its bounds."""

    weights: tuple[arb, ...]
    task_weights: tuple[tuple[arb, ...], ...]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Analysis:
    """Every outcome of an input, the first of which is the exact answer's.

    ``complete`` is False where some outcome has no finite bound; ``excessive`` is True where
    there are more outcomes than are judged; ``defined`` is False where, on some outcome, the
    method has no answer at this very input: whoever takes that branch may refuse.
    """

    outcomes: tuple[Outcome, ...]
    complete: bool = True
    excessive: bool = False
    defined: bool = True


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


@dataclass(slots=True)
class _Node:
    """A run on one combination of outcomes: its trace, bounds, and how its decisions move."""

    trace: Trace
    bounds: Bounds
    turns: dict[str, arb] = field(default_factory=dict)


def turns(setting: Setting) -> tuple[tuple[Decision, arb], ...]:
    """The decisions of the exact run, each with how far one unit of the model turns it.

    A decision is closed if its |value| exceeds that times (d + 2) u. Empty where the method has
    no finite answer.
    """
    with ctx.workprec(tolerance.BITS):
        node = _node(setting, {})
        if node is None:
            return ()
        return tuple((decision, node.turns[decision.name]) for decision in node.trace.decisions)


def analysis(setting: Setting) -> Analysis:
    """Every outcome that the rounding model allows; at most 16, else ``excessive``."""
    with ctx.workprec(tolerance.BITS):
        root = _node(setting, {})
        if root is None:
            return Analysis((), complete=False, defined=False)
        tree = _Tree(setting)
        tree.grow(root, {})
        excessive = len(tree.outcomes) > tolerance.OUTCOMES
        kept = tuple(tree.outcomes[: tolerance.OUTCOMES])
        return Analysis(kept, tree.complete, excessive, tree.defined)


class _Tree:
    """The outcomes found so far."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.complete, self.defined = setting, True, True
        self.outcomes: list[Outcome] = []

    def grow(self, node: _Node, fixed: Mapping[str, bool]) -> None:
        """Add the node's own outcome, then those of each open decision taken the other way.

        A decision whose turn leaves the answer where it was (the branches meet there) is not
        followed further: its effect is added to the node's bound.
        """
        place = len(self.outcomes)
        self.outcomes.append(_outcome(node))
        settled = dict(fixed)
        for decision in node.trace.decisions:
            if len(self.outcomes) > tolerance.OUTCOMES:
                return
            turn = node.turns[decision.name]
            if decision.name in settled or not self._open(decision.value, turn):
                continue
            self._turn(node, place, settled | {decision.name: not decision.outcome})
            settled[decision.name] = decision.outcome

    def _turn(self, node: _Node, place: int, fixed: Mapping[str, bool]) -> None:
        if _trace(self.setting, self.setting.gramian, self.setting.norms, fixed) is None:
            self.defined = False
        child = _node(self.setting, fixed)
        if child is not None and self._contradicts(child):
            return
        limit = _ceiling(self.setting, node.trace)
        if limit is not None:
            self._bend(node, place, child, limit)
        elif child is None:
            self.complete = False
        elif (apart := _apart(self.setting, node, child)) is None:
            self.grow(child, fixed)
        else:
            self._join(place, apart)

    def _contradicts(self, child: _Node) -> bool:
        """Whether a run refutes the outcomes that it was given: no moved Gramian leads there.

        On a support forced upon it, a program measures anew which rows belong to the support.
        """
        return any(
            bool(decision.value > 0) is not decision.outcome
            and not self._open(decision.value, child.turns[decision.name])
            for decision in child.trace.decisions
        )

    def _bend(self, node: _Node, place: int, child: _Node | None, limit: arb) -> None:
        """Take a turn of a method that minimises: all that moved Gramians lead to is near.

        So it has but one outcome. A support whose answer lies beyond admits nothing.
        """
        here = node.bounds
        if child is None:
            self._join(place, Bounds(limit, here.weights, here.tasks))
            return
        unit = arb(tolerance.roundoff(self.setting.dtype))
        gap = distance(self.setting.gramian, node.trace.weights, child.trace.weights) / unit
        if gap <= limit:
            seen = child.bounds.direction + gap
            least = min(limit, seen)
            self._join(place, Bounds(least, child.bounds.weights, here.tasks))

    def _join(self, place: int, bounds: Bounds) -> None:
        """Make an outcome's bounds serve for another way to it, too."""
        kept = self.outcomes[place]
        self.outcomes[place] = replace(kept, bounds=_joined(kept.bounds, bounds))

    def _open(self, value: arb, turn: arb) -> bool:
        """Whether some move of the model turns the sign of a tested quantity.

        The worst case over all moves is the sum of their effects, not the root of the sum of
        squares. Where no move has any effect the sign is known, be it zero.
        """
        reach = turn * arb(tolerance.worst_case(self.setting.width, self.setting.dtype))
        return not (reach.is_zero() or bool(abs(value) > reach))


def _node(setting: Setting, fixed: Mapping[str, bool]) -> _Node | None:
    """The run on one combination of outcomes; None where it has no finite answer.

    At a singular Gramian the smooth map may have no derivative. It is then followed from a point
    of the neighbourhood that the model allows, K + (d + 2) u diag(n_i^2), where it has one.
    """
    found = _followed(setting, setting.gramian, fixed)
    if found is None:
        share = arb(tolerance.worst_case(setting.width, setting.dtype))
        inside = arb_mat(setting.gramian)
        for task, norm in enumerate(setting.norms):
            inside[task, task] += share * norm * norm
        found = _followed(setting, inside, fixed)
    return found


def _followed(setting: Setting, gramian: arb_mat, fixed: Mapping[str, bool]) -> _Node | None:
    lengths = Lengths(setting.norms)
    trace = _trace(setting, gramian, lengths, fixed)
    if trace is None:
        return None
    frozen = {d.name: d.outcome for d in trace.decisions} | dict(fixed)
    sums = _Sums(setting, trace)
    for moved, norms, weight in _moves(gramian, setting.norms, read=lengths.read):
        other = _trace(setting, moved, norms, frozen)
        if other is None or _names(other) != _names(trace):
            return None
        sums.add(trace, other, weight)
    bounds = sums.bounds(trace)
    if bounds is None or not _finite(bounds):
        return None
    return _Node(trace, bounds, sums.turns)


def _trace(
    setting: Setting, gramian: arb_mat, norms: Sequence[arb], fixed: Mapping[str, bool]
) -> Trace | None:
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
        self.turns = {decision.name: arb(0) for decision in trace.decisions}

    def add(self, trace: Trace, other: Trace, multiplicity: int) -> None:
        """Add the effect of one move, a step apart from the trace."""
        gramian, scale = self.setting.gramian, arb(multiplicity) / arb(tolerance.STEP) ** 2
        rows = [_difference(other.weights, trace.weights)]
        rows += map(_difference, other.task_weights, trace.task_weights)
        change = arb_mat(rows)
        image = change * gramian
        self.direction += _inner(change, image, 0) * scale
        self.weights += sum((each * each for each in rows[0]), arb(0)) * scale
        for task in range(len(self.tasks)):
            self.tasks[task] += _inner(change, image, task + 1) * scale
        for before, after in zip(trace.decisions, other.decisions, strict=True):
            turned = abs(after.value - before.value) * multiplicity / arb(tolerance.STEP)
            self.turns[before.name] += turned

    def bounds(self, trace: Trace) -> Bounds | None:
        """B of each output from the sums; None where the first order says nothing.

        A bound of more than the terms themselves (u B > omega) is no first-order statement.
        """
        setting = self.setting
        width, norms, dtype = setting.width, setting.norms, setting.dtype
        terms = tolerance.omega(trace.weights, norms)
        direction = tolerance.bound(terms, self.direction, width)
        limit = _ceiling(setting, trace)
        if limit is not None and not direction <= limit:
            direction = limit
        if not direction * arb(tolerance.roundoff(dtype)) <= terms and not direction.is_zero():
            return None
        lost = tolerance.underflow(norms, width, dtype)
        tasks = tuple(
            tolerance.bound(tolerance.omega(row, norms), squares, width) + lost
            for row, squares in zip(trace.task_weights, self.tasks, strict=True)
        )
        own = sum((weight * weight for weight in trace.weights), arb(0)).sqrt()
        return Bounds(direction + lost, tolerance.bound(own, self.weights, width) + lost, tasks)


def _ceiling(setting: Setting, trace: Trace) -> arb | None:
    """The bound that needs no derivative, where the method has one."""
    return tolerance.ceiling(
        setting.method,
        setting.gramian,
        setting.norms,
        trace.weights,
        setting.width,
        setting.dtype,
        setting.c,
    )


def _difference(after: Sequence[arb], before: Sequence[arb]) -> list[arb]:
    return [late - early for late, early in zip(after, before, strict=True)]


def _inner(change: arb_mat, image: arb_mat, row: int) -> arb:
    columns = range(change.ncols())
    return sum((change[row, k] * image[row, k] for k in columns), arb(0))


def _outcome(node: _Node) -> Outcome:
    return Outcome(node.trace.weights, node.trace.task_weights, node.bounds)


def distance(gramian: arb_mat, first: Sequence[arb], second: Sequence[arb]) -> arb:
    """Length of the difference of two combinations of the rows, from above."""
    row = arb_mat([_difference(first, second)])
    return (row * gramian * row.transpose())[0, 0].nonnegative_part().sqrt().upper()


def _apart(setting: Setting, node: _Node, child: _Node) -> Bounds | None:
    """The child's bounds as seen from the node, or None where it is another answer.

    An answer within e u B of the child lies within u (e B + D) of the node, with D their distance
    in units of u. So B + D serves, if D is small; where it is not, both are outcomes.
    """
    unit = arb(tolerance.roundoff(setting.dtype))

    def seen(mine: Sequence[arb], other: Sequence[arb], own: arb, its: arb) -> arb | None:
        gap = distance(setting.gramian, mine, other) / unit
        return its + gap if gap <= tolerance.DISTINCT * own.max(its) else None

    here, there = node.bounds, child.bounds
    direction = seen(node.trace.weights, child.trace.weights, here.direction, there.direction)
    pairs = zip(node.trace.task_weights, child.trace.task_weights, strict=True)
    sizes = zip(here.tasks, there.tasks, strict=True)
    tasks = [seen(*rows, *both) for rows, both in zip(pairs, sizes, strict=True)]
    kept = [task for task in tasks if task is not None]
    if direction is None or len(kept) < len(tasks):
        return None
    return Bounds(direction, there.weights, tuple(kept))


def _joined(first: Bounds, second: Bounds) -> Bounds:
    """Bounds that serve for both."""
    tasks = zip(first.tasks, second.tasks, strict=True)
    return Bounds(
        first.direction.max(second.direction),
        first.weights.max(second.weights),
        tuple(one.max(other) for one, other in tasks),
    )

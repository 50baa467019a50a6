"""What the analysis of rounding is about: a question in balls, what may be moved, what it means.

Two models share it: `conformance.through_gramian` moves the Gramian of the rows, and
`conformance.entry_by_entry` each entry of the inputs. What is granted and why stands in
`conformance.tolerance`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, overload

from flint import arb, arb_mat

from conformance import tolerance
from conformance.question import Moment, Question
from mtl_reference import METHODS, QUANTITIES, RESULTS
from mtl_reference.method import LISTED, Decision, Trace
from mtl_reference.rational import matrix, numbers, rational

VECTOR: Final = 1


class Lengths(Sequence[arb]):
    """The lengths of the rows, noting whether anybody read them."""

    __slots__ = ("read", "values")

    def __init__(self, values: Sequence[arb]) -> None:
        self.values, self.read = tuple(values), False

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
class Place:
    """What a method is followed on at one step.

    ``gramian`` and ``norms`` of the rows, or else ``inputs`` entry by entry; ``given`` are the
    keywords that a trace takes, of which those in ``moved`` hold balls that rounding may move.
    """

    given: Mapping[str, Any]
    moved: tuple[str, ...] = ()
    gramian: arb_mat | None = None
    norms: Lengths = field(default_factory=lambda: Lengths(()))
    inputs: Mapping[str, Any] = field(default_factory=dict)


Point = tuple[Place, ...]
Rows = Mapping[str, list[arb]]


class Setting(ABC):
    """One question in one dtype, as the analysis of rounding sees it.

    ``point`` is the exact one, a place for each step; ``width`` the length of the longest inner
    product or sum behind the answer.
    """

    def __init__(self, asked: Question, dtype: str, width: int, point: Point) -> None:
        self.method = METHODS[asked.method]
        self.params = {each.name: each.default for each in self.method.parameters}
        self.params |= dict(asked.params)
        self.dtype, self.width, self.point, self.tasks = dtype, width, point, asked.tasks

    # Following ----------------------------------------------------------------------------

    @abstractmethod
    def trace(self, place: Place, fixed: Mapping[str, bool], given: Mapping[str, Any]) -> Trace:
        """The method followed at one place."""

    def follow(self, point: Point, fixed: Mapping[str, bool]) -> Trace:
        """The method followed step by step, with the decisions of all steps."""
        state: Mapping[str, object] | None = None
        decisions: list[Decision] = []
        for step, place in enumerate(point):
            prefix = f"step {step}: " if step < len(point) - 1 else ""
            own = _stripped(fixed, prefix) if prefix else fixed
            kept = {"state": state} if self.method.stateful else {}
            trace = self.trace(place, own, {**self.params, **place.given, **kept})
            decisions += [replace(each, name=prefix + each.name) for each in trace.decisions]
            state = trace.state
        return trace if len(point) == 1 else replace(trace, decisions=tuple(decisions))

    # Moving -------------------------------------------------------------------------------

    def fresh(self) -> Point:
        """The exact point, with nothing read of it so far."""
        return tuple(replace(place, norms=Lengths(place.norms.values)) for place in self.point)

    def neighbour(self) -> Point | None:
        """A point that rounding may lead to and that is not singular; None where there is none."""
        return None

    def moves(self, point: Point) -> Iterator[tuple[Point, int]]:
        """Each move of the model by one tiny step: the moved point, and its multiplicity."""
        for step, place in enumerate(point):
            for moved, multiplicity in self.moved(place):
                yield (*point[:step], moved, *point[step + 1 :]), multiplicity

    def moved(self, place: Place) -> Iterator[tuple[Place, int]]:
        """Each move at one place: of the entries that are given by keyword."""
        for name in place.moved:
            for value in entries_moved(place.given[name]):
                yield replace(place, given={**place.given, name: value}), 1

    # Measuring ----------------------------------------------------------------------------

    @abstractmethod
    def squares(self, before: Trace, after: Trace) -> Rows:
        """Squared lengths of the changes of each output, row by row."""

    @abstractmethod
    def terms(self, trace: Trace, *, near: bool) -> Rows:
        """What the last operations on each output may move it by, in units of u, row by row."""

    @abstractmethod
    def lost(self) -> arb:
        """What gradual underflow may add to a bound."""

    @abstractmethod
    def image(self, trace: Trace) -> dict[str, list[arb_mat]]:
        """The outputs that are judged, each as rows of balls."""

    @abstractmethod
    def most(self, trace: Trace, *, limited: bool) -> Mapping[str, arb]:
        """How far u B may reach in the outputs whose first order is to say anything at all."""

    def ceiling(self, trace: Trace) -> arb | None:
        """The bound on the direction that needs no derivative, where the method has one."""
        del trace
        return None

    # Knowing ------------------------------------------------------------------------------

    @property
    @abstractmethod
    def in_range(self) -> bool:
        """Whether the dtype holds all that an answer takes with its full precision."""

    def unsettled(self, trace: Trace) -> bool:
        """Whether a run beside a singular point may also lie beside one of another rank."""
        del trace
        return False

    def known(self, decision: Decision) -> bool:
        """Whether a decision's sign is known from the shape of the inputs alone."""
        del decision
        return False


def _stripped(fixed: Mapping[str, bool], prefix: str) -> dict[str, bool]:
    """The outcomes of one step, by its own names."""
    return {
        name.removeprefix(prefix): outcome
        for name, outcome in fixed.items()
        if name.startswith(prefix)
    }


# Balls ---------------------------------------------------------------------------------------


def ball(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
    """A real quantity in balls: an arb, a tuple of them, or an arb_mat."""
    if QUANTITIES[name].shape == ():
        return arb(rational(values))
    rank = QUANTITIES[name].rank(values)
    if rank == VECTOR:
        return tuple(arb(number) for number in numbers(name, values))
    if rank == LISTED:
        return tuple(_rows(name, each) for each in values)
    return _rows(name, values)


def _rows(name: str, values: Any) -> arb_mat:  # noqa: ANN401  (a matrix)
    rows = matrix(name, values)
    return arb_mat([[arb(number) for number in row] for row in rows])


def keywords(step: Moment, without: Sequence[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What a trace takes by keyword at one step, and the names of what is real in it."""
    own = {name: found for name, found in step.inputs if name not in without}
    own |= dict(step.random)
    real = tuple(name for name in own if QUANTITIES[name].kind == "real")
    return {name: ball(name, own[name]) if name in real else own[name] for name in own}, real


def entries_moved(value: Any) -> Iterator[Any]:  # noqa: ANN401  (of any shape)
    """A quantity with one entry moved by a tiny step, for each entry that is not zero."""
    grown = 1 + arb(tolerance.STEP)
    if isinstance(value, arb):
        if not value.is_zero():
            yield value * grown
    elif isinstance(value, arb_mat):
        for i in range(value.nrows()):
            for j in range(value.ncols()):
                if not value[i, j].is_zero():
                    other = arb_mat(value)
                    other[i, j] *= grown
                    yield other
    else:
        for place, each in enumerate(value):
            for moved in entries_moved(each):
                yield (*value[:place], moved, *value[place + 1 :])


def rows_of(name: str, flat: Sequence[arb], tasks: int) -> list[Sequence[arb]]:
    """An output that a trace tells row after row, row by row."""
    if len(RESULTS[name].shape) <= VECTOR:
        return [flat]
    width = len(flat) // max(tasks, 1)
    return [flat[row * width : (row + 1) * width] for row in range(tasks)]


def square(row: Sequence[arb]) -> arb:
    """Sum of the squares."""
    return sum((each * each for each in row), arb(0))


def difference(after: Sequence[arb], before: Sequence[arb]) -> list[arb]:
    """Entry by entry."""
    return [late - early for late, early in zip(after, before, strict=True)]

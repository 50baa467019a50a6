"""How far one run of a method moves when what it is given does, to first order.

Derivatives by a tiny step in balls, with every decision of the run frozen. What is granted and
why stands in `conformance.tolerance`, what is moved in a setting; here is nothing but calculus.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flint import arb

from conformance import tolerance
from conformance.setting import Point, Setting
from mtl_reference.method import Trace

_PER_STEP: Final = 1 / tolerance.STEP


@dataclass(frozen=True, slots=True)
class Bounds:
    """B of each output in units of u, row by row: one number for a vector, T for T gradients."""

    rows: Mapping[str, tuple[arb, ...]]

    def total(self, output: str) -> arb:
        """B of an output as one vector, the root of the sum of squares."""
        own = self.rows.get(output, ())
        if len(own) == 1:
            return own[0]
        return sum((each * each for each in own), arb(0)).sqrt()

    @property
    def finite(self) -> bool:
        """Whether all of them are numbers."""
        return all(each.is_finite() for row in self.rows.values() for each in row)


@dataclass(frozen=True, slots=True)
class Run:
    """A run on one combination of outcomes: its trace, bounds, and how its decisions move.

    ``bounds`` is None where the first order says nothing. ``near`` is True where the run is not
    the given point's but that of its neighbour.
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
    here = _followed(setting, setting.fresh(), fixed, near=False)
    if here is not None and here.bounds is not None:
        return here
    beside = setting.neighbour()
    there = None if beside is None else _followed(setting, beside, fixed, near=True)
    return there if there is not None and there.bounds is not None else here


def _followed(
    setting: Setting, point: Point, fixed: Mapping[str, bool], *, near: bool
) -> Run | None:
    trace = traced(setting, point, fixed)
    if trace is None:
        return None
    frozen = dict(fixed) | {decision.name: decision.outcome for decision in trace.decisions}
    sums = _Sums(setting, trace)
    for moved, multiplicity in setting.moves(point):
        other = traced(setting, moved, frozen)
        if other is None or _names(other) != _names(trace):
            return None
        sums.add(trace, other, multiplicity)
    bounds = sums.bounds(trace, near=near)
    kept = bounds if bounds is not None and bounds.finite else None
    return Run(trace, kept, sums.turned(), near)


def traced(setting: Setting, point: Point, fixed: Mapping[str, bool]) -> Trace | None:
    """The method followed on a point; None where it has no finite answer there."""
    try:
        trace = setting.follow(point, fixed)
    except (ZeroDivisionError, ArithmeticError):
        return None
    rows = (trace.weights, *trace.task_weights, *trace.outputs.values())
    return trace if all(number.is_finite() for row in rows for number in row) else None


def _names(trace: Trace) -> list[str]:
    """The decisions of a run; another list of them is another map, and no derivative."""
    return [decision.name for decision in trace.decisions]


class _Sums:
    """Squared first-order changes of the outputs, and absolute ones of the decisions."""

    def __init__(self, setting: Setting, trace: Trace) -> None:
        self.setting = setting
        self.squares: dict[str, list[arb]] = {}
        self.turns = [arb(0)] * len(trace.decisions)
        self.names = _names(trace)

    def add(self, trace: Trace, other: Trace, multiplicity: int) -> None:
        """Add the effect of one move, a step apart from the trace."""
        for name, row in self.setting.squares(trace, other).items():
            sums = self.squares.setdefault(name, [arb(0)] * len(row))
            for place, each in enumerate(row):
                sums[place] += each * multiplicity
        pairs = zip(trace.decisions, other.decisions, strict=True)
        for place, (before, after) in enumerate(pairs):
            self.turns[place] += abs(after.value - before.value) * multiplicity

    def turned(self) -> dict[str, arb]:
        """How far each decision's value moves in all, for each unit of the model."""
        per_step = arb(_PER_STEP)
        return {name: turn * per_step for name, turn in zip(self.names, self.turns, strict=True)}

    def bounds(self, trace: Trace, *, near: bool) -> Bounds | None:
        """B of each output from the sums; None where the first order says nothing.

        A bound of more than the terms themselves (u B > omega) is no first-order statement.
        """
        setting = self.setting
        squared, lost = arb(_PER_STEP * _PER_STEP), setting.lost()
        found = {}
        for name, terms in setting.terms(trace, near=near).items():
            sums = self.squares.get(name, [arb(0)] * len(terms))
            found[name] = [
                tolerance.bound(term, each * squared, setting.width)
                for term, each in zip(terms, sums, strict=True)
            ]
        limit = setting.ceiling(trace)
        if limit is not None and not found["direction"][0] <= limit:
            found["direction"] = [limit]
        unit = arb(tolerance.roundoff(setting.dtype))
        for name, most in setting.most(trace, limited=limit is not None).items():
            size = Bounds({name: tuple(found[name])}).total(name)
            if not size * unit <= most and not size.is_zero():
                return None
        return Bounds({name: tuple(each + lost for each in row) for name, row in found.items()})

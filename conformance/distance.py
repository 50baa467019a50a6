"""How far a backend's answer lies from the right ones, in units of what rounding may do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import cast

from flint import arb, arb_mat, ctx, fmpq

from conformance import tolerance
from conformance.expectation import (
    MOST_TASKS_BY_DIRECTION,
    Expectation,
    exact_row,
    length,
    rows_in,
    rows_of,
)
from conformance.perturbation import Outcome
from mtl_reference.enclosure import Vector
from mtl_reference.method import Kind, Outputs

_KEPT = 4  # candidates that are compared exactly, of those nearest in floats


@dataclass(frozen=True, slots=True)
class Distance:
    """An answer's nearest outcome: scaled error, absolute error, and what radii follow.

    ``radii`` are B for each output, ``shift`` how far the nearest outcome's outputs lie from the
    exact answer's: a law that holds of the exact answer may miss by both.
    """

    scaled: arb
    absolute: arb
    size: arb
    radii: dict[str, arb]
    shift: dict[str, arb]
    main: str = "direction"

    @property
    def relative(self) -> float | None:
        """Error relative to the length of the answer; None for the answer zero."""
        return None if self.size.contains(0) else float((self.absolute / self.size).mid())

    @property
    def condition(self) -> float | None:
        """B relative to the length of the answer; None for the answer zero."""
        bound = self.radii[self.main]
        return None if self.size.contains(0) else float((bound / self.size).mid())


def nearest(expected: Expectation, outputs: Outputs, dtype: str) -> Distance | None:
    """The first outcome that the outputs fit, else that which they fit best.

    None where there is none with a bound. No more outcomes are looked for than it takes.
    """
    with ctx.workprec(tolerance.BITS):
        unit = arb(tolerance.roundoff(dtype))
        if expected.candidates:
            return _among_candidates(expected, outputs, unit)
        if expected.answer.kind is not Kind.EXACT:
            return None
        if expected.outcomes is None:
            return None
        for outcome in expected.outcomes:
            fits = _to(outcome, expected, outputs, unit)
            if fits.scaled <= tolerance.LIMIT:
                return fits
        found = [_to(outcome, expected, outputs, unit) for outcome in expected.analysis.outcomes]
    return min(found, key=lambda one: float(one.scaled.mid()), default=None)


def _to(outcome: Outcome, expected: Expectation, outputs: Outputs, unit: arb) -> Distance:
    """The distance to one outcome, which may be the exact answer itself."""
    bounds = outcome.bounds
    radii = {name: bounds.total(name) for name in bounds.rows}
    right = expected.image(outcome)
    base = rows_of(expected.answer, right)
    shift = dict.fromkeys(radii, arb(0))
    if outcome.exact:
        right |= base
    else:
        shift |= {name: _apart(right[name], base[name]) for name in base}
    return _distance(outputs, expected.main, right, radii, shift, bounds.rows, unit)


def _apart(first: Sequence[arb_mat], second: Sequence[arb_mat]) -> arb:
    """Euclidean distance of two lists of rows, from above."""
    lengths = [length(one - other).upper() for one, other in zip(first, second, strict=False)]
    return sum((each * each for each in lengths), arb(0)).sqrt()


def _distance(
    outputs: Outputs,
    main: str,
    right: Mapping[str, Sequence[arb_mat]],
    radii: dict[str, arb],
    shift: dict[str, arb],
    bounds: Mapping[str, Sequence[arb]],
    unit: arb,
) -> Distance:
    """The largest scaled error of the outputs that are judged, row by row."""
    scaled = []
    for name, rows in right.items():
        if name not in outputs:
            continue
        errors = [
            length(exact_row(r) - to) for r, to in zip(rows_in(outputs[name]), rows, strict=True)
        ]
        scaled += [_scaled(*pair, unit) for pair in zip(errors, bounds[name], strict=True)]
        if name == main:
            absolute = _together(errors)
    return Distance(
        _largest(scaled), absolute, _together(map(length, right[main])), radii, shift, main
    )


def _together(lengths: Iterable[arb]) -> arb:
    """Length of several rows as one vector; of one row as it is."""
    found = list(lengths)
    return found[0] if len(found) == 1 else sum((each * each for each in found), arb(0)).sqrt()


def _scaled(error: arb, bound: arb, unit: arb) -> arb:
    """Error over u B; an answer without error needs no bound."""
    if error.upper() <= 0 or error.is_zero():
        return arb(0)
    allowed = unit * bound
    return error / allowed if allowed > 0 else arb.pos_inf()


def _largest(numbers: Sequence[arb]) -> arb:
    return max(numbers, key=lambda number: float(number.mid()))


def _among_candidates(expected: Expectation, outputs: Outputs, unit: arb) -> Distance | None:
    """Task by task where task gradients are given, else by direction up to four tasks."""
    if "task_gradients" in outputs:
        given = cast("tuple[Vector, ...]", outputs["task_gradients"])
        chosen = [
            _nearest_row(exact_row(row), among, unit)
            for row, among in zip(given, expected.candidates, strict=True)
        ]
        return _combined(outputs, chosen, unit)
    if len(expected.candidates) > MOST_TASKS_BY_DIRECTION:
        return None
    found = [
        _combined(outputs, chosen, unit)
        for chosen in _likely(exact_row(cast("Vector", outputs["direction"])), expected.candidates)
    ]
    return min(found, key=lambda one: float(one.scaled.mid()), default=None)


def _nearest_row(
    row: arb_mat, among: Sequence[tuple[arb_mat, arb]], unit: arb
) -> tuple[arb_mat, arb]:
    return min(among, key=lambda one: float(_scaled(length(row - one[0]), one[1], unit).mid()))


def _likely(
    direction: arb_mat, candidates: Sequence[Sequence[tuple[arb_mat, arb]]]
) -> list[tuple[tuple[arb_mat, arb], ...]]:
    """The combinations whose sums come nearest to a direction, in floats."""

    def gap(chosen: Sequence[tuple[arb_mat, arb]]) -> float:
        total = sum((row for row, _ in chosen), arb_mat(1, direction.ncols()))
        return float(length(total - direction).mid())

    return sorted(product(*candidates), key=gap)[:_KEPT]


def _combined(outputs: Outputs, chosen: Sequence[tuple[arb_mat, arb]], unit: arb) -> Distance:
    rows = [row for row, _ in chosen]
    bounds = [bound for _, bound in chosen]
    total = sum(rows[1:], rows[0])
    together = sum((bound * bound for bound in bounds), arb(0)).sqrt()
    radii = {"direction": sum(bounds, arb(0)), "task_gradients": together}
    right = {"direction": [total], "task_gradients": rows}
    own = {"direction": [radii["direction"]], "task_gradients": bounds}
    shift = dict.fromkeys(radii, arb(0))
    return _distance(outputs, "direction", right, radii, shift, own, unit)


def radius(found: Distance, output: str, limit: fmpq, dtype: str) -> arb:
    """How far an output may lie from the exact answer's: the limit times u B, and the shift.

    The law holds of the exact answer, outcome 0. The answer lies within limit u B of the outcome
    that it fits, and that outcome within ``shift`` of the exact one. Where it fits the exact one
    the shift is zero, so an open branch that was decided as the exact signs do wins no slack.
    """
    unit = arb(limit * tolerance.roundoff(dtype))
    return unit * found.radii[output] + found.shift[output]

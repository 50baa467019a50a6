"""The model of rounding for methods that do not go through one Gramian: each entry moves."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import prod
from typing import Any, final

from flint import arb, arb_mat, ctx

from conformance import tolerance
from conformance.question import Moment, Question
from conformance.setting import (
    Place,
    Setting,
    ball,
    difference,
    entries_moved,
    keywords,
    rows_of,
    square,
)
from mtl_reference import METHODS, QUANTITIES, RESULTS
from mtl_reference.method import LISTED, Trace
from mtl_reference.rational import jacobian


@final
class EntryByEntry(Setting):
    """A question whose real inputs are moved one entry at a time, by the entry's own size.

    Where whole rows are turned, an entry of theirs moves by the length of its row.
    """

    def __init__(self, asked: Question, dtype: str) -> None:
        with ctx.workprec(tolerance.BITS):
            point = tuple(_place(asked, step) for step in asked.steps)
        sizes = [n for found in matrices(point[-1]) for n in (found.nrows(), found.ncols())]
        super().__init__(asked, dtype, max(sizes, default=1), point)
        self.lengths = [
            (found[i, k] if found.nrows() == 1 else _length(found, i))
            for place in point
            for found in matrices(place)
            for i in range(found.nrows())
            for k in (range(found.ncols()) if found.nrows() == 1 else (0,))
        ]

    def trace(self, place: Place, fixed: Mapping[str, bool], given: Mapping[str, Any]) -> Trace:
        """The method followed on its inputs."""
        return self.method.trace(place.inputs, fixed, **given)

    def moved(self, place: Place) -> Iterator[tuple[Place, int]]:
        """Each entry of each real input, then the entries of what else is given."""
        for name, values in place.inputs.items():
            turned = self.method.perturbation == "rows" and name in self.method.rows
            for value in _turned(values) if turned else entries_moved(values):
                yield replace(place, inputs={**place.inputs, name: value}), 1
        yield from super().moved(place)

    def squares(self, before: Trace, after: Trace) -> dict[str, list[arb]]:
        """Squared changes, row by row, of what both tell."""
        return {
            name: [
                square(difference(*pair))
                for pair in zip(self._rows(name, after), self._rows(name, before), strict=True)
            ]
            for name in after.outputs
            if name in before.outputs
        }

    def terms(self, trace: Trace, *, near: bool) -> dict[str, list[arb]]:
        """The length of each output: its last rounding. Whole numbers have none."""
        del near
        found = {
            name: [
                arb(0) if RESULTS[name].kind == "whole" else square(row).sqrt()
                for row in self._rows(name, trace)
            ]
            for name in trace.outputs
        }
        return found | {name: [length.max(found[name][0])] for name, length in trace.terms.items()}

    def lost(self) -> arb:
        """What as many products as there are entries lose."""
        entries = sum(prod((found.nrows(), found.ncols())) for found in matrices(self.point[-1]))
        return tolerance.entry_underflow(entries, self.lengths, self.dtype)

    def image(self, trace: Trace) -> dict[str, list[arb_mat]]:
        """Every output that the trace tells."""
        return {
            name: [arb_mat([list(row)]) for row in self._rows(name, trace)]
            for name in trace.outputs
        }

    def most(self, trace: Trace, *, limited: bool) -> dict[str, arb]:
        """The length of the output; of what lies in the space of the rows, all of theirs beside it.

        Gradients that cancel leave a short answer, whose digits are lost and no sign of trouble.
        """
        del limited
        found = {}
        for name, values in trace.outputs.items():
            length = square(values).sqrt()
            among = "d" in RESULTS[name].shape
            found[name] = (length + self._together if among else length).upper()
        return found

    @property
    def _together(self) -> arb:
        """The lengths of all rows that have an axis of parameters, together."""
        last = self.point[-1].inputs
        named = (found for name, found in last.items() if "d" in QUANTITIES[name].shape)
        return sum((_length(found, row) for found in named for row in range(found.nrows())), arb(0))

    @property
    def in_range(self) -> bool:
        """Whether the dtype holds the squares of numbers and of rows."""
        return tolerance.within_range(self.lengths, self.dtype)

    def _rows(self, name: str, trace: Trace) -> list[Any]:
        """An output of a trace, row by row."""
        return rows_of(name, trace.outputs[name], self.tasks)


def _place(asked: Question, step: Moment) -> Place:
    """One step in balls: a matrix for each real input, a row where it is a vector."""
    names = METHODS[asked.method].inputs
    real = [name for name in names if QUANTITIES[name].kind == "real" and name in dict(step.inputs)]
    inputs = {name: _matrix(name, values) for name, values in step.inputs if name in real}
    given, moved = keywords(step, real)
    return Place(given, moved, inputs=inputs)


def matrices(place: Place) -> Iterator[arb_mat]:
    """The inputs of a place, those of a list one by one."""
    for found in place.inputs.values():
        yield from found if isinstance(found, tuple) else (found,)


def _matrix(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
    if name == "jacobian":
        exact = jacobian(values)
        return arb_mat(exact.numerators) * (1 / arb(exact.denominator))
    found = ball(name, values)
    if isinstance(found, arb_mat) or len(QUANTITIES[name].shape) == LISTED:
        return found
    return arb_mat([list(found) if isinstance(found, tuple) else [found]])


def _turned(rows: arb_mat) -> Iterator[arb_mat]:
    """Rows with one entry moved by a tiny share of its row's length; a row of zeros stays."""
    for i in range(rows.nrows()):
        step = _length(rows, i) * arb(tolerance.STEP)
        for j in range(rows.ncols() if not step.is_zero() else 0):
            other = arb_mat(rows)
            other[i, j] += step
            yield other


def _length(rows: arb_mat, row: int) -> arb:
    """Length of one row."""
    return square([rows[row, column] for column in range(rows.ncols())]).sqrt()

"""The model of rounding for methods that work through the Gramian of their rows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache, reduce
from importlib import import_module
from typing import Any, cast, final

from flint import arb, arb_mat, ctx

from conformance import tolerance
from conformance.question import Moment, Named, Question
from conformance.rank import settled_rank
from conformance.setting import (
    Lengths,
    Place,
    Point,
    Setting,
    difference,
    keywords,
    square,
)
from mtl_reference import METHODS, QUANTITIES
from mtl_reference.method import Decision, Trace
from mtl_reference.rational import Jacobian, jacobian


def stacked(method: str, inputs: Mapping[str, Any]) -> Jacobian:
    """The rows that a method combines, one input below the other, as one exact matrix.

    A method that works on other rows than its inputs' tells them in its branch analysis.
    """
    branches = import_module(f"mtl_reference.branches.{method}")
    if hasattr(branches, "rows"):
        return jacobian(branches.rows(inputs))
    names = METHODS[method].rows
    if len(names) == 1 and len(QUANTITIES[names[0]].shape) > 1:
        return jacobian(inputs[names[0]])
    rows: list[Any] = []
    for name in names:
        found = inputs[name]
        rows += found if len(QUANTITIES[name].shape) > 1 else [found]
    return jacobian(rows)


@lru_cache(maxsize=64)
def _balls(method: str, inputs: Named) -> tuple[Jacobian, arb_mat, arb_mat, tuple[arb, ...]]:
    """The rows of one step exactly and in balls, their Gramian, and their lengths."""
    exact = stacked(method, dict(inputs))
    with ctx.workprec(tolerance.BITS):
        gramian = arb_mat(exact.gramian())
        norms = tuple(gramian[row, row].sqrt() for row in range(exact.tasks))
        return exact, arb_mat(exact.numerators) * (1 / arb(exact.denominator)), gramian, norms


@final
class ThroughGramian(Setting):
    """A question whose answer depends on the rows by their Gramian K and their lengths."""

    def __init__(self, asked: Question, dtype: str) -> None:
        self.exact, self.rows, self.gramian, self.norms = _balls(
            asked.method, asked.steps[-1].inputs
        )
        with ctx.workprec(tolerance.BITS):
            point = tuple(_place(asked, step) for step in asked.steps)
        super().__init__(asked, dtype, self.exact.width, point)
        self.aims = "direction" in self.method.outputs

    def trace(self, place: Place, fixed: Mapping[str, bool], given: Mapping[str, Any]) -> Trace:
        """The method followed on a Gramian."""
        return self.method.trace(gramian_of(place), place.norms, fixed, **given)

    def neighbour(self) -> Point:
        """K + (d + 2) u diag(n_i^2) at every step, as rounding may have it."""
        share = arb(tolerance.worst_case(self.width, self.dtype))
        return tuple(_inside(place, share) for place in self.fresh())

    def moved(self, place: Place) -> Iterator[tuple[Place, int]]:
        """Each entry of the Gramian moved by n_i n_j, then the entries of what else is given.

        A diagonal entry moves twice: with the length that it stands for, and (C_ii) alone. For a
        method that reads no lengths both are the same move, counted twice.
        """
        step = arb(tolerance.STEP)
        root, norms, read = (1 + step).sqrt(), place.norms.values, place.norms.read
        gramian = gramian_of(place)
        for i in range(len(norms)):
            for j in range(i, len(norms)):
                size = norms[i] * norms[j] * step
                if size.is_zero():
                    continue  # what is zero in the dtype is known without error
                moved = arb_mat(gramian)
                moved[i, j] += size
                moved[j, i] = moved[i, j]
                alone = replace(place, gramian=moved)
                if i != j or not read:
                    yield alone, 1 if i != j else 2
                    continue
                longer = Lengths((*norms[:i], norms[i] * root, *norms[i + 1 :]))
                yield replace(alone, norms=longer), 1
                yield alone, 1
        yield from super().moved(place)

    def squares(self, before: Trace, after: Trace) -> dict[str, list[arb]]:
        """Squared changes: of combinations of rows by the Gramian, of numbers by themselves."""
        own = difference(after.weights, before.weights)
        found = {
            name: [square(difference(values, before.outputs[name]))]
            for name, values in after.outputs.items()
        }
        if not self.aims:
            return {"weights": [square(own)], **found}
        rows = [own, *map(difference, after.task_weights, before.task_weights)]
        change = arb_mat(rows)
        image = change * self.gramian
        columns = range(change.ncols())
        lengths = [
            sum((change[row, k] * image[row, k] for k in columns), arb(0))
            for row in range(len(rows))
        ]
        return {
            "direction": lengths[:1],
            "weights": [square(own)],
            "task_gradients": lengths[1:],
            **found,
        }

    def terms(self, trace: Trace, *, near: bool) -> dict[str, list[arb]]:
        """The sizes of the terms of each combination, the length of what is no combination.

        Beside a singular Gramian (``near``) the weights are not unique, and an honest solver may
        put them on the longest row.
        """
        norms = self.norms
        found = {name: [square(values).sqrt()] for name, values in trace.outputs.items()}
        found["weights"] = [square(trace.weights).sqrt()]
        if self.aims:
            omega = tolerance.omega(trace.weights, norms)
            found["direction"] = [reduce(arb.max, norms, omega) if near else omega]
            found["task_gradients"] = [tolerance.omega(row, norms) for row in trace.task_weights]
        return found | {name: [length.max(found[name][0])] for name, length in trace.terms.items()}

    def lost(self) -> arb:
        """What the products of the combination lose."""
        return tolerance.underflow(self.norms, self.width, self.dtype)

    def image(self, trace: Trace) -> dict[str, list[arb_mat]]:
        """Direction and task gradients as combinations of the rows; weights where they are all."""
        found = {name: [arb_mat([list(each)])] for name, each in trace.outputs.items()}
        if not self.aims:
            return {"weights": [arb_mat([list(trace.weights)])], **found}
        combined = {"direction": [self.combination(trace.weights)], **found}
        if trace.task_weights:
            combined["task_gradients"] = [self.combination(row) for row in trace.task_weights]
        return combined

    def combination(self, weights: tuple[arb, ...]) -> arb_mat:
        """The combination of the rows with these coefficients, (1, d)."""
        return arb_mat(1, len(weights), list(weights)) * self.rows

    def most(self, trace: Trace, *, limited: bool) -> dict[str, arb]:
        """The terms themselves, and no more than the answer and all rows together.

        The terms may be huge and cancel. Where a ceiling holds (``limited``) they are enough.
        """
        if not self.aims:
            return {"weights": square(trace.weights).sqrt()}
        terms = tolerance.omega(trace.weights, self.norms)
        return {"direction": terms if limited else min(terms, self._size(trace))}

    def _size(self, trace: Trace) -> arb:
        """Length of the answer and lengths of the rows, all together, from above."""
        row = arb_mat([list(trace.weights)])
        length = (row * self.gramian * row.transpose())[0, 0].nonnegative_part()
        return (length.sqrt() + sum(self.norms, arb(0))).upper()

    def ceiling(self, trace: Trace) -> arb | None:
        """The bound of a method that minimises."""
        if not self.aims:
            return None
        program = tolerance.Program(
            self.gramian, self.norms, trace.weights, self.width, self.dtype, self.params
        )
        return tolerance.ceiling(self.method.id, program, trace.reach)

    @property
    def in_range(self) -> bool:
        """Whether the dtype holds the Gramians."""
        lengths = [norm for place in self.point for norm in place.norms.values]
        return tolerance.within_range(lengths, self.dtype)

    def unsettled(self, trace: Trace) -> bool:
        """Whether the rank is open: there the answers of either rank are near."""
        return self.ceiling(trace) is None and self._rank is None

    def known(self, decision: Decision) -> bool:
        """Whether a row lies in the others' span for the reason alone that they span all there is.

        That is known from the shape of the jacobian, whatever rounding does to the Gramian.
        """
        if not (decision.name.startswith("independent ") and decision.value.contains(0)):
            return False
        return self._rank == self.width

    @cached_property
    def _rank(self) -> int | None:
        """The rank of the rows; None where rounding leaves it open."""
        return settled_rank(self.gramian, self.norms, self.width, self.dtype)


def _place(asked: Question, step: Moment) -> Place:
    """One step in balls."""
    _, _, gramian, norms = _balls(asked.method, step.inputs)
    given, real = keywords(step, METHODS[asked.method].rows)
    return Place(given, real, gramian, Lengths(norms))


def _inside(place: Place, share: arb) -> Place:
    """A place with the diagonal of its Gramian raised by a share of itself."""
    inside = arb_mat(gramian_of(place))
    for row, norm in enumerate(place.norms.values):
        inside[row, row] += share * norm * norm
    return replace(place, gramian=inside)


def gramian_of(place: Place) -> arb_mat:
    """The Gramian of a place, which has one here."""
    return cast("arb_mat", place.gramian)

"""The records that pass between the laws and whoever is judged by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flint import fmpq

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.enclosure import Number
from mtl_reference.method import Outputs, ParameterValue, Relation, Residual
from mtl_reference.rational import Jacobian

Rows = tuple[tuple[float, ...], ...]
Orders = tuple[tuple[int, ...], ...]
Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stateful method before the one that is judged: its inputs and randomness."""

    rows: Rows
    inputs: Given = field(default_factory=dict)
    orders: Orders | None = None
    random: Given = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """One input of a law: what is asked of a method, and what the law itself draws.

    ``rows`` is the jacobian, floats that the job's dtype holds exactly; a method without one has
    no rows. ``inputs`` are the method's other inputs and ``random`` its randomness beside
    ``orders``, numbers in nested tuples by name; ``earlier`` the steps that a stateful method made
    before this one. ``extra`` holds the law's own draws (a permutation, a rational rotation, a
    scale), as plain JSON values.
    """

    method: str
    rows: Rows
    params: Mapping[str, ParameterValue] = field(default_factory=dict)
    orders: Orders | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    inputs: Given = field(default_factory=dict)
    random: Given = field(default_factory=dict)
    earlier: tuple[Step, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, the one that is judged last."""
        return (*self.earlier, Step(self.rows, self.inputs, self.orders, self.random))

    @property
    def tasks(self) -> int:
        """T, told by whatever has an axis of tasks; else the number of rows that are combined."""
        if self.rows:
            return len(self.rows)
        for name, values in {**self.inputs, **self.random}.items():
            if "T" in QUANTITIES[name].shape:
                return len(_along(values, QUANTITIES[name].shape.index("T")))
        rows = [self.inputs[name] for name in METHODS[self.method].rows if name in self.inputs]
        return sum(len(each) if isinstance(each[0], (tuple, list)) else 1 for each in rows if each)


@dataclass(frozen=True, slots=True)
class Observation:
    """What a subject answered to one input, read as exact numbers.

    ``status`` is "answered", or the reason why there are no outputs: "undefined" (the definition
    has no answer: nothing gates), "refused", "unsupported", "skipped", "failed", "crash",
    "timeout", "protocol". ``bits_equal`` holds the raw bytes of every output, for laws of
    determinism; ``facts`` what the supervisor saw beside the outputs (dtype, shape, mutated
    inputs, finiteness).
    """

    example: Example
    jacobian: Jacobian
    outputs: Outputs
    status: str = "answered"
    message: str = ""
    raw: Mapping[str, bytes] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Margin:
    """A residual of a law, tied to the observations whose errors it may carry.

    ``value`` must be zero or not negative. ``slopes`` gives for (position in ``observations``,
    output name) how far the value may move, to first order, per unit of Euclidean error of that
    output; ``curvatures`` the second order. The tolerance is the subject's business: zero for
    the exact reference, derived in the harness for floats.
    """

    name: str
    relation: Relation
    value: Number
    observations: tuple[Observation, ...]
    slopes: Mapping[tuple[int, str], Number] = field(default_factory=dict)
    curvatures: Mapping[tuple[int, str], Number] = field(default_factory=dict)


def _along(values: Any, axis: int) -> Any:  # noqa: ANN401  (of any shape)
    """Nested values, seen along an axis."""
    return values if axis == 0 or not values else _along(values[0], axis - 1)


def margin_of(residual: Residual, observation: Observation) -> Margin:
    """A certificate's residual as a margin of one observation.

    An output that moves it in second order only has the slope 0.
    """
    leaning = (*residual.slopes, *(o for o in residual.curvatures if o not in residual.slopes))
    return Margin(
        residual.name,
        residual.relation,
        residual.value,
        (observation,),
        {(0, output): residual.slopes.get(output, fmpq(0)) for output in leaning},
        {(0, output): bend for output, bend in residual.curvatures.items()},
    )


@dataclass(frozen=True, slots=True)
class Ruling:
    """A subject's word on one example under one law."""

    verdict: str
    worst_margin: float | None = None
    message: str = ""
    scaled_error: float | None = None
    relative_error: float | None = None
    condition: float | None = None


class Subject(Protocol):
    """Whoever is judged: the exact reference, or a backend behind a supervisor."""

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Answer of the subject to an example; ``repeat`` asks the same again, afresh."""

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Weigh margins against what the errors of the observations allow."""

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare an observation with the exact answer on every unresolved branch."""


class Session(Protocol):
    """One run of a method with a state: what is answered hangs on the steps before."""

    def step(self, step: Step) -> Observation:
        """Answer of the subject to the next step; its example holds the steps before."""

    def close(self) -> None:
        """End the session."""


class Stateful(Subject, Protocol):
    """A subject that also runs methods with a state, several sessions side by side."""

    def session(self, example: Example) -> Session:
        """Open a session for an example's method, parameters and sizes; no step is taken yet."""

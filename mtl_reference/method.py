"""The records that methods, answers, certificates and branch analyses are made of."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any, Final, Protocol, cast

from flint import arb, fmpq

from mtl_reference import vectors
from mtl_reference.enclosure import Number, Real, Vector, rounding32, rounding64
from mtl_reference.quantities import QUANTITIES
from mtl_reference.rational import jacobian, matrix, numbers, rational

ParameterValue = float | str | tuple[float, ...]
Output = Vector | tuple[Vector, ...]
Outputs = Mapping[str, Output]
Orders = Sequence[Sequence[int]]
State = Mapping[str, object]
Given = Mapping[str, Any]


class Kind(StrEnum):
    """What a definition says of an input: one answer, several, or none."""

    EXACT = "exact"
    SET = "set"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is right for one input.

    ``outputs`` maps "direction" to d numbers, "weights" to T numbers, "task_gradients" to T rows
    of d numbers, and so on as `QUANTITIES` says; a plain number is a vector of one. The first
    one of the method's outputs is its main one. A set has no outputs unless all its members share
    them; it is told by ``members``, the predicate of membership. An undefined answer has a reason
    and nothing else. ``state`` is what a stateful method hands to its next step: exact numbers.
    """

    kind: Kind
    outputs: Outputs = field(default_factory=dict)
    reason: str = ""
    members: Callable[[Vector], bool] | None = None
    state: State = field(default_factory=dict)

    @property
    def exact(self) -> Vector:
        """The direction, d exact numbers; of a method without one its weights, T numbers.

        ValueError where the answer is a set or undefined.
        """
        if self.kind is not Kind.EXACT:
            message = f"the answer is {self.kind}, not one direction: {self.reason}"
            raise ValueError(message)
        return cast("Vector", self.outputs[main_of(self.outputs)])

    def enclosure(self, bits: int) -> tuple[arb, ...]:
        """Balls that hold the direction, of relative radius about 2**-bits."""
        return vectors.enclosures(self.exact, bits)

    def to_float64(self) -> tuple[float, ...]:
        """The direction, each coordinate rounded correctly to binary64."""
        return vectors.rounded64(self.exact)

    def to_float32(self) -> tuple[float, ...]:
        """The direction, each coordinate rounded correctly to binary32."""
        return vectors.rounded32(self.exact)

    @property
    def assumed_exact(self) -> bool:
        """Whether a coordinate's rounding to binary64 or binary32 is assumed and not proved.

        That happens where balls of 4096 bits do not tell a coordinate from the midpoint of two
        floats, and never to rationals and sums of roots.
        """
        if vectors.split(self.exact) is not None:
            return False
        refinable = [number for number in self.exact if isinstance(number, Real)]
        return not all(rounding64(real).proved and rounding32(real).proved for real in refinable)

    def contains(self, direction: Vector) -> bool:
        """Whether ``direction`` (d exact numbers) is an answer; nothing is where undefined.

        Refinable numbers that 4096 bits do not tell apart count as equal.
        """
        if self.kind is Kind.UNDEFINED:
            return False
        if self.members is not None:
            return self.members(direction)
        return vectors.agree(self.exact, direction)


class Relation(StrEnum):
    """How a residual is to be read."""

    ZERO = "zero"
    NONNEGATIVE = "nonnegative"


@dataclass(frozen=True, slots=True)
class Residual:
    """One condition of a certificate, as an exact quantity that must be zero or not negative.

    ``slopes`` says for each output how far ``value`` may move, to first order, when that output
    moves by one unit of Euclidean length; ``curvatures`` the same to second order (a move eps
    changes the value by at most slope * eps + curvature * eps**2). An exact answer needs neither.
    """

    name: str
    relation: Relation
    value: Number
    slopes: Mapping[str, Number]
    curvatures: Mapping[str, Number] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """A branch that a method takes: the tested quantity as a ball, and how it was decided.

    ``outcome`` is True where the method takes the branch that a positive ``value`` selects.
    """

    name: str
    value: arb
    outcome: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """One run of a method in balls with its decisions frozen.

    ``weights`` are the coefficients of the direction on the rows; ``task_weights`` those of
    each task's gradient (T x T) where the method has task gradients. A method that is followed
    entry by entry tells its ``outputs`` instead, each row after row. ``state`` is what a stateful
    method hands to its next step, in balls. A method that finds the shortest G'w of a convex set
    tells its ``reach``: no w that is best for this Gramian, or for one that rounding may lead to,
    has a larger sum of |w_i| n_i. Where an output is a sum of terms longer than itself, as what a
    projection levels is, ``terms`` tells their length, whose rounding no program avoids.
    """

    weights: tuple[arb, ...] = ()
    decisions: tuple[Decision, ...] = ()
    task_weights: tuple[tuple[arb, ...], ...] = ()
    outputs: Mapping[str, tuple[arb, ...]] = field(default_factory=dict)
    state: State = field(default_factory=dict)
    reach: arb | None = None
    terms: Mapping[str, arb] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its default, and the values that the definition allows.

    ``shape`` is () for a number or a word, and ("T",) where a list of one number a task may stand.
    """

    name: str
    default: ParameterValue
    meaning: str
    minimum: float | None = None
    choices: tuple[str, ...] = ()
    shape: tuple[str, ...] = ()


class Direction(Protocol):
    """The signature of a method."""

    def __call__(self, first: Any, /, **given: Any) -> Answer:  # noqa: ANN401
        """Answer for the first input; other inputs, randomness and parameters by name."""


class Certify(Protocol):
    """The signature of a certificate."""

    def __call__(
        self,
        first: Any,  # noqa: ANN401
        outputs: Outputs,
        /,
        **given: Any,  # noqa: ANN401
    ) -> Iterator[Residual]:
        """Yield what must hold of ``outputs`` for the first input, exact."""


class Follow(Protocol):
    """The signature of a branch analysis."""

    def __call__(self, *given: Any, **named: Any) -> Trace:  # noqa: ANN401
        """Follow the method with decisions taken as ``outcome`` says.

        The arguments are (gramian (T, T), norms (T,), outcome), or (inputs, outcome) for a method
        that is followed entry by entry.
        """


LISTED: Final = 3  # axes of a list of matrices
PERTURBATIONS = ("gramian", "entries", "rows")


@dataclass(frozen=True, slots=True)
class Method:
    """A method: the facts about it as data, and its three faces by name.

    ``inputs`` and ``outputs`` are names of `QUANTITIES`; the first input is the one positional
    argument, the first output the main one. ``randomness`` names the injected random inputs.
    ``degree`` is the degree of homogeneity in ``rows``: the inputs whose rows, one below the
    other, make the matrix that the direction combines. ``perturbation`` says what is moved to learn
    how far rounding moves the answer: the Gramian of those rows; or each entry of the inputs by its
    own size; or ("rows": of what turns whole rows) each of their entries by the row's length.
    """

    id: str
    paper: str
    number_field: str
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[str, ...] = ("jacobian",)
    outputs: tuple[str, ...] = ("direction",)
    randomness: tuple[str, ...] = ()
    stateful: bool = False
    degree: int = 1
    rows: tuple[str, ...] = ("jacobian",)
    perturbation: str = "gramian"

    @property
    def main(self) -> str:
        """The output that the method is named for: "direction", or the first."""
        return main_of(self.outputs)

    @property
    def function(self) -> Direction:
        """The method itself, exact, whatever its main output is."""
        module = import_module(f"mtl_reference.methods.{self.id}")
        return cast("Direction", getattr(module, self.main))

    @property
    def direction(self) -> Direction:
        """The method itself, exact; AttributeError where it gives no direction."""
        return cast("Direction", import_module(f"mtl_reference.methods.{self.id}").direction)

    @property
    def weights(self) -> Direction:
        """A method that weighs and gives no direction, exact; AttributeError for others."""
        return cast("Direction", import_module(f"mtl_reference.methods.{self.id}").weights)

    @property
    def certificate(self) -> Certify:
        """What makes an answer right, said another way."""
        module = import_module(f"mtl_reference.certificates.{self.id}")
        return cast("Certify", module.certificate)

    @property
    def trace(self) -> Follow:
        """The method in balls with its decisions frozen."""
        return cast("Follow", import_module(f"mtl_reference.branches.{self.id}").trace)

    def answer(
        self,
        inputs: Given,
        random: Given | None = None,
        params: Given | None = None,
        state: State | None = None,
    ) -> Answer:
        """Answer for inputs, randomness and parameters by name; one step from a state if stateful.

        ValueError, with the names known, for an input or a random input that is not the method's;
        else as the method itself.

        >>> from mtl_reference import METHODS
        >>> print(*METHODS["sum"].answer({"jacobian": [(1, 0), (0, 2)]}).exact)
        1 2
        """
        first, given = self._given(inputs, random, params, state)
        return self.function(first, **given)

    def certify(
        self,
        inputs: Given,
        outputs: Outputs,
        random: Given | None = None,
        params: Given | None = None,
        state: State | None = None,
    ) -> Iterator[Residual]:
        """Yield what must hold of ``outputs``; inputs and the state before them as for `answer`."""
        first, given = self._given(inputs, random, params, state)
        return self.certificate(exact(self.inputs[0], first), outputs, **given)

    def _given(
        self, inputs: Given, random: Given | None, params: Given | None, state: State | None
    ) -> tuple[Any, dict[str, Any]]:
        """The first input, and all else by name."""
        drawn = {name: values for name, values in (random or {}).items() if values is not None}
        _among("input", self.id, inputs, self.inputs)
        _among("random input", self.id, drawn, self.randomness)
        first, *others = self.inputs
        if first not in inputs:
            message = f"{self.id} needs the input {first} (got {', '.join(inputs) or 'none'})"
            raise ValueError(message)
        given = (
            {name: inputs[name] for name in others if name in inputs} | drawn | {**(params or {})}
        )
        return inputs[first], given | {"state": state} if self.stateful else given


def main_of(outputs: Collection[str]) -> str:
    """The main one of some outputs: "direction", or the first."""
    return "direction" if "direction" in outputs else next(iter(outputs))


def exact(name: str, values: Any) -> Any:  # noqa: ANN401  (of any shape)
    """A quantity's values as exact numbers: a Jacobian, rows of rationals, a vector, a number."""
    if name == "jacobian":
        return jacobian(values)
    if QUANTITIES[name].shape == ():
        return finite(name, values)
    rank = QUANTITIES[name].rank(values)
    if rank == LISTED:
        return tuple(matrix(f"{name}[{place}]", each) for place, each in enumerate(values))
    return numbers(name, values) if rank == 1 else matrix(name, values)


def _among(noun: str, method: str, found: Given, known: Sequence[str]) -> None:
    for name in found:
        if name not in known:
            message = f"{method} takes the {noun} {', '.join(known) or 'none'} (got {name})"
            raise ValueError(message)


def finite(name: str, value: float) -> fmpq:
    """A parameter as the exact rational that its float stands for; ValueError if not finite."""
    try:
        return rational(value)
    except (ValueError, TypeError):
        message = f"{name} must be a finite number (got {value!r})"
        raise ValueError(message) from None


def sized(name: str, values: Sequence[fmpq], size: int) -> tuple[fmpq, ...]:
    """A vector that must have ``size`` numbers; ValueError, with how many it has, if it has not."""
    if len(values) != size:
        message = f"{name} must have {size} numbers (got {len(values)})"
        raise ValueError(message)
    return tuple(values)


def chosen(name: str, value: str, choices: Sequence[str]) -> str:
    """A parameter that must be one of ``choices``; ValueError, with the choices, if it is not."""
    if value not in choices:
        message = f"{name} must be one of {', '.join(map(repr, choices))} (got {value!r})"
        raise ValueError(message)
    return value


def checked_orders(orders: Orders, tasks: int) -> tuple[tuple[int, ...], ...]:
    """T orders of the other tasks, zero-based; ValueError naming the order that is none."""
    if len(orders) != tasks:
        message = f"orders must have one entry for each task (got {len(orders)} for {tasks} tasks)"
        raise ValueError(message)
    for task, order in enumerate(orders):
        others = [other for other in range(tasks) if other != task]
        if sorted(order) != others:
            message = f"orders[{task}] must be a permutation of {others} (got {list(order)})"
            raise ValueError(message)
    return tuple(tuple(int(other) for other in order) for order in orders)

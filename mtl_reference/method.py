"""The records that methods, answers, certificates and branch analyses are made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol, cast

from flint import arb, arb_mat, fmpq

from mtl_reference import vectors
from mtl_reference.enclosure import Number, Real, Vector, rounding32, rounding64
from mtl_reference.rational import Jacobian, Rows, rational

ParameterValue = float | str
Output = Vector | tuple[Vector, ...]
Outputs = Mapping[str, Output]
Orders = Sequence[Sequence[int]]


class Kind(StrEnum):
    """What a definition says of an input: one answer, several, or none."""

    EXACT = "exact"
    SET = "set"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is right for one input.

    ``outputs`` maps "direction" to d numbers, "weights" to T numbers and "task_gradients" to T
    rows of d numbers. A set has no outputs unless all its members share them; it is told by
    ``members``, the predicate of membership. An undefined answer has a reason and nothing else.
    """

    kind: Kind
    outputs: Outputs = field(default_factory=dict)
    reason: str = ""
    members: Callable[[Vector], bool] | None = None

    @property
    def exact(self) -> Vector:
        """The direction, d exact numbers; ValueError where the answer is a set or undefined."""
        if self.kind is not Kind.EXACT:
            message = f"the answer is {self.kind}, not one direction: {self.reason}"
            raise ValueError(message)
        return cast("Vector", self.outputs["direction"])

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

    ``weights`` are the coefficients of the direction on the T rows; ``task_weights`` those of
    each task's gradient (T x T) where the method has task gradients.
    """

    weights: tuple[arb, ...]
    decisions: tuple[Decision, ...] = ()
    task_weights: tuple[tuple[arb, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its default, and the values that the definition allows."""

    name: str
    default: ParameterValue
    meaning: str
    minimum: float | None = None
    choices: tuple[str, ...] = ()


class Direction(Protocol):
    """The signature of a method."""

    def __call__(self, jacobian: Rows, /, **params: Any) -> Answer:  # noqa: ANN401
        """Answer for a jacobian of shape (T, d)."""


class Certify(Protocol):
    """The signature of a certificate."""

    def __call__(
        self,
        jacobian: Jacobian,
        outputs: Outputs,
        /,
        **params: Any,  # noqa: ANN401
    ) -> Iterator[Residual]:
        """Yield what must hold of ``outputs`` for the jacobian."""


class Follow(Protocol):
    """The signature of a branch analysis."""

    def __call__(
        self,
        gramian: arb_mat,
        norms: Sequence[arb],
        outcome: Mapping[str, bool],
        /,
        **params: Any,  # noqa: ANN401
    ) -> Trace:
        """Follow the method on a gramian (T, T) with decisions taken as ``outcome`` says."""


@dataclass(frozen=True, slots=True)
class Method:
    """A method: the facts about it as data, and its three faces by name.

    ``degree`` is the degree of homogeneity in the jacobian; ``randomness`` names the injected
    random inputs (here "orders").
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

    @property
    def direction(self) -> Direction:
        """The method itself, exact."""
        return cast("Direction", import_module(f"mtl_reference.methods.{self.id}").direction)

    @property
    def certificate(self) -> Certify:
        """What makes an answer right, said another way."""
        module = import_module(f"mtl_reference.certificates.{self.id}")
        return cast("Certify", module.certificate)

    @property
    def trace(self) -> Follow:
        """The method in balls with its decisions frozen."""
        return cast("Follow", import_module(f"mtl_reference.branches.{self.id}").trace)


def finite(name: str, value: float) -> fmpq:
    """A parameter as the exact rational that its float stands for; ValueError if not finite."""
    try:
        return rational(value)
    except (ValueError, TypeError):
        message = f"{name} must be a finite number (got {value!r})"
        raise ValueError(message) from None


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

"""The record of a law, and the few words in which laws are written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

from flint import fmpq
from hypothesis import strategies as st

from mtl_reference import METHODS, QUANTITIES
from mtl_reference.enclosure import Number, Real, Vector, decide
from mtl_reference.method import ParameterValue, Relation
from mtl_reference.pairing import inner
from mtl_reference.rational import RationalVector
from mtl_reference.rational import inner as rational_inner
from mtl_reference.surd import Surd, sqrt
from properties.example import Example, Margin, Observation, Rows, Subject
from properties.question import sizes

Extra = Mapping[str, object]
Slopes = Mapping[tuple[int, str], Number]
ONE = fmpq(1)
NO_EXTRA: Extra = MappingProxyType({})


def no_extra(_rows: Rows, _dtype: str) -> st.SearchStrategy[Extra]:
    """Draw nothing beside the jacobian."""
    return st.just(NO_EXTRA)


@dataclass(frozen=True, slots=True)
class Law:
    """A law: what it says, under which hypotheses, how it is checked, and whether it gates.

    ``kinds`` are letters of "P X F S": machine-checked proof, exact search on the reference,
    judged on floats, statistical. ``margins`` yields exact quantities that must be zero or not
    negative. ``families`` names the jacobians that it is searched on, ``extra`` draws what the
    law itself needs (a permutation, a scale) for given rows. ``needs`` are outputs beside the
    main one without which nothing can be said. ``replays``: several observations of one randomness
    are compared, or the outcome of given orders is told, so randomness must be injected (or of no
    effect). ``random`` is "injected" where a random method is asked only with its randomness given,
    "drawn" where only with its own. ``steps``: the examples are sequences, which only a method with
    a state has. ``by_accuracy``: the subject's own comparison of the last observation with the
    exact answer is the ruling. ``drawn`` are the jacobians of a statistical law: it asks them
    many times, and nothing else.
    """

    id: str
    section: str
    statement: str
    hypotheses: str
    kinds: str
    margins: Callable[[Example, Subject], Iterator[Margin]]
    families: tuple[str, ...]
    extra: Callable[[Rows, str], st.SearchStrategy[Extra]] = no_extra
    gates: bool = True
    needs: tuple[str, ...] = ("direction",)
    replays: bool = False
    random: str = "any"
    steps: bool = False
    by_accuracy: bool = False
    drawn: tuple[Rows, ...] = ()

    def applies(self, method: str) -> bool:
        """Whether the claims say that the law holds of a method, under some hypotheses."""
        from properties.claims import claims_of

        return any(claim.status == "holds" for claim in claims_of(method, self.id))


@dataclass(frozen=True, slots=True)
class Sortable:
    """A number of any kind as a key of `min` and `max`."""

    number: Number

    def __lt__(self, other: "Sortable") -> bool:
        return decide(self.number - other.number) == -1


class UnansweredError(Exception):
    """A law asked and there is nothing to weigh; carries the observation."""

    def __init__(self, observation: Observation) -> None:
        """Keep the observation that has no usable outputs."""
        super().__init__(f"{observation.status}: {observation.message}")
        self.observation = observation


def ask(subject: Subject, example: Example, *, repeat: int = 0) -> Observation:
    """Observe a subject; UnansweredError where it has no finite main output, or a misshapen one."""
    observation = subject.observe(example, repeat=repeat)
    if observation.status != "answered":
        raise UnansweredError(observation)
    main = METHODS[example.method].main
    if main not in observation.outputs:
        noun = "direction is" if main == "direction" else f"output {main} is"
        message = f"the {noun} missing or not finite"
        raise UnansweredError(replace(observation, status="failed", message=message))
    for output, shape in shapes(observation).items():
        wanted = wanted_shape(observation, output)
        if wanted is not None and shape != wanted:
            message = f"{output} must have shape {wanted} (got {shape})"
            raise UnansweredError(replace(observation, status="failed", message=message))
    return observation


def defaulted(example: Example) -> Mapping[str, ParameterValue]:
    """The example's parameters, with the method's defaults for those that it does not give."""
    defaults = {each.name: each.default for each in METHODS[example.method].parameters}
    return defaults | {**example.params}


def parameter(example: Example, name: str) -> float:
    """A number among an example's parameters; the method's default where none is given."""
    return float(cast("float", defaulted(example)[name]))


def wanted_shape(observation: Observation, output: str) -> tuple[int, ...] | None:
    """Shape that an output must have for the inputs; None where they do not tell it."""
    if output not in QUANTITIES:
        return None
    known, shape = sizes(observation.example), QUANTITIES[output].shape
    return tuple(known[symbol] for symbol in shape) if set(shape) <= set(known) else None


def shapes(observation: Observation) -> dict[str, tuple[int, ...]]:
    """Shapes of the outputs: as the harness saw them, else as their numbers tell."""
    told = cast("Mapping[str, Sequence[int]]", observation.facts.get("shape") or {})
    found = {output: tuple(shape) for output, shape in told.items()}
    for output, numbers in observation.outputs.items():
        if output not in found and output in QUANTITIES and not QUANTITIES[output].shape:
            found[output] = ()
        elif output not in found:
            rows = {len(row) for row in numbers if isinstance(row, tuple)}
            found[output] = (len(numbers), *rows)
    return found


def main_output(observation: Observation) -> Vector:
    """The output that the method is named for: its direction, or its weights."""
    return cast("Vector", observation.outputs[METHODS[observation.example.method].main])


def direction(observation: Observation) -> Vector:
    """Direction of an observation, d numbers."""
    return cast("Vector", observation.outputs["direction"])


def weights(observation: Observation) -> Vector:
    """Weights of an observation, T numbers."""
    return cast("Vector", observation.outputs["weights"])


def task_gradients(observation: Observation) -> tuple[Vector, ...]:
    """Modified gradients of an observation, T rows of d numbers."""
    return cast("tuple[Vector, ...]", observation.outputs["task_gradients"])


def total(numbers: Sequence[Number]) -> Number:
    """Sum of numbers of any kind."""
    result: Number = fmpq(0)
    for number in numbers:
        result = result + number
    return result


def dot(left: Vector, right: Vector) -> Number:
    """Inner product of two vectors of any kind of number."""
    return inner(left, right)


def root(square: Number) -> Number:
    """Square root of a number that is not negative."""
    if isinstance(square, fmpq):
        return sqrt(square)
    exact = square.as_rational() if isinstance(square, Surd) else None
    if exact is not None:
        return sqrt(exact)
    return Real(lambda bits: square.enclosure(bits).nonnegative_part().sqrt())


def norm(vector: Vector) -> Number:
    """Euclidean length of a vector."""
    return root(dot(vector, vector))


def difference(left: Vector, right: Vector) -> Vector:
    """Difference of two vectors."""
    return tuple(a - b for a, b in zip(left, right, strict=True))


def times(factor: Number, vector: Vector) -> Vector:
    """A vector times a number."""
    return tuple(factor * number for number in vector)


def sum_of(vectors: Sequence[Vector]) -> Vector:
    """Sum of vectors of one length."""
    return tuple(total(column) for column in zip(*vectors, strict=True))


def squared(row: RationalVector) -> fmpq:
    """Square of the length of a rational row."""
    return rational_inner(row, row)


def along(row: RationalVector, vector: Vector) -> Number:
    """Scalar projection <row, vector> / |row| on a row that is not zero."""
    return dot(row, vector) * sqrt(1 / squared(row))


def rows_of(observation: Observation) -> tuple[tuple[fmpq, ...], ...]:
    """Rows that the method combines, exact: those of the jacobian, mostly."""
    jacobian = observation.jacobian
    return tuple(jacobian.row(task) for task in range(jacobian.tasks))


def mean_of(observation: Observation) -> RationalVector:
    """The mean gradient g0 of the jacobian that was observed."""
    tasks = observation.jacobian.tasks
    return observation.jacobian.combine([fmpq(1, tasks)] * tasks)


def fact(name: str, holds: bool, *observations: Observation) -> Margin:  # noqa: FBT001  (a fact is a truth value)
    """A plain fact as a margin: 0 where it holds, -1 where it does not, with no tolerance."""
    return Margin(name, Relation.NONNEGATIVE, fmpq(0 if holds else -1), observations)


def same(
    name: str, left: Vector, right: Vector, observations: tuple[Observation, ...], slopes: Slopes
) -> Iterator[Margin]:
    """Two vectors must agree in every coordinate."""
    for place, value in enumerate(difference(left, right)):
        yield Margin(f"{name}, coordinate {place}", Relation.ZERO, value, observations, slopes)


def parallel(
    name: str, left: Vector, right: Vector, observations: tuple[Observation, ...], slopes: Slopes
) -> Iterator[Margin]:
    """The part of ``right`` across ``left`` must vanish; silent where ``left`` is zero.

    The error of ``left`` (position 0) counts times |right| / |left|.
    """
    square = dot(left, left)
    if square == 0:
        return
    ratio = root(dot(right, right) / square)
    weighed = {key: slope * ratio if key[0] == 0 else slope for key, slope in slopes.items()}
    shadow = times(dot(left, right) / square, left)
    yield from same(name, right, shadow, observations, weighed)


def first_slope(output: str = "direction", slope: Number = ONE) -> Slopes:
    """The slope of a margin that leans on one output of one observation."""
    return {(0, output): slope}


def both_slopes(observation: Observation, output: str = "") -> Slopes:
    """The slopes of a margin that compares two observations in one output, or the main one."""
    output = output or METHODS[observation.example.method].main
    return {(0, output): ONE, (1, output): ONE}


BOTH: Slopes = MappingProxyType({(0, "direction"): ONE, (1, "direction"): ONE})

"""The records that pass between the laws and whoever is judged by them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flint import fmpq

from mtl_reference.enclosure import Number
from mtl_reference.method import Outputs, Relation, Residual
from mtl_reference.rational import Jacobian

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One input of a law: what is asked of a method, and what the law itself draws.

    ``rows`` are floats that the job's dtype holds exactly; ``extra`` holds the law's own draws
    (a permutation, a rational rotation, a scale), as plain JSON values.
    """

    method: str
    rows: Rows
    params: Mapping[str, float | str] = field(default_factory=dict)
    orders: tuple[tuple[int, ...], ...] | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


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

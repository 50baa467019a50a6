"""A backend as a subject of the laws: asked over the wire, weighed by what its rounding may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, final

import numpy as np
from flint import arb, ctx, fmpq

from conformance import scale, tolerance
from conformance.distance import Distance, nearest, radius
from conformance.expectation import Expectation, answer_to, expectation, parameters
from conformance.membership import cagrad_margins
from conformance.reply import Reply, Status
from conformance.wire import Array, Arrays
from mtl_reference import METHODS
from mtl_reference.enclosure import Vector
from mtl_reference.method import Kind, Output, Relation
from mtl_reference.rational import Jacobian, jacobian, rational
from properties.example import Example, Margin, Observation, Ruling
from properties.laws import LAWS

SCALED = ("direction", "task_gradients", "weights")
NOTHING = jacobian([(0,)])


class Asked(Protocol):
    """Whoever answers requests: a supervisor, or a stand-in for one."""

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, Any],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None = None,
        seed: int = 0,
    ) -> Reply:
        """Reply to one request."""


@final
@dataclass(frozen=True, slots=True)
class BackendSubject:
    """A backend behind a supervisor; ``description`` is its answer to describe."""

    supervisor: Asked
    description: Mapping[str, Any]
    dtype: str

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """The backend's answer, divided by the scale that it declared and read exactly."""
        del repeat  # asking again is a new request already
        random = {"orders": example.orders} if self._orders(example) is not None else None
        seed = int(cast("int", example.extra.get("seed", 0)))
        inputs = {"jacobian": array(example.rows, self.dtype)}
        reply = self.supervisor.evaluate(
            example.method,
            Arrays(inputs, {"jacobian": self.dtype}),
            dict(example.params),
            random,
            seed,
        )
        return self._observation(example, reply)

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Pass if every margin is kept within what the errors of its observations allow."""
        del example
        worst, verdict, said = 1.0, "pass", ""
        seen: dict[int, Distance | None] = {}
        for margin in margins:
            ruling = self._weighed(margin, seen)
            if ruling.verdict == "fail" and self._excused(law, margin):
                message = f"{ruling.message} (the Gramian leaves the range of {self.dtype})"
                ruling = Ruling("undecided", message=message)
            if ruling.verdict == "fail":
                return ruling
            if ruling.verdict != "pass" and verdict != "undecided":
                verdict, said = ruling.verdict, ruling.message
            worst = min(worst, 1.0 if ruling.worst_margin is None else ruling.worst_margin)
        return Ruling(verdict, worst if verdict == "pass" else None, said)

    def accuracy(self, observation: Observation) -> Ruling:
        """The scaled error on the outcome that fits best; sets are told by their certificate."""
        expected = self._expected(observation)
        if expected.answer.kind is Kind.SET and not expected.candidates:
            return self._membership(observation, expected)
        found = nearest(expected, observation.outputs, self.dtype)
        if found is None:
            return Ruling("undecided", message="no outcome of the open branches has a finite bound")
        scaled = float(found.scaled.mid())
        limit = self._limit(observation.example)
        left = 1 - found.scaled / arb(limit)
        verdict, said = "pass", ""
        if not left >= 0:
            verdict = "fail"
            said = f"scaled error {scaled:.3g} is beyond {float(limit.p) / float(limit.q):.3g}"
            if reason := self._open(expected):
                verdict, said = "undecided", f"{said}, but {reason}"
        margin = float(left.mid()) if left.is_finite() else None
        return Ruling(verdict, margin, said, scaled, found.relative, found.condition)

    # One margin ---------------------------------------------------------------------------

    def _weighed(self, margin: Margin, seen: dict[int, Distance | None]) -> Ruling:
        if tolerance.satisfied(margin.value, zero=margin.relation is Relation.ZERO):
            return Ruling("pass", 1.0)
        allowed = {}
        for place, output in _leans(margin):
            observation = margin.observations[place]
            if self._several(observation):
                return Ruling("skipped", message="the definition admits several answers")
            if id(observation) not in seen:
                seen[id(observation)] = self._nearest(observation)
            reach = self._radius(observation, output, seen[id(observation)])
            if reach is None:
                return Ruling("undecided", message=f"{margin.name}: no finite bound")
            allowed[place, output] = reach
        found = _compared(margin, allowed)
        if found.kept:
            return Ruling("pass", found.margin)
        share = "and no error is allowed"
        if found.margin is not None:
            share = f"by {1 - found.margin:.3g} times what is allowed"
        return Ruling("fail", found.margin, f"{margin.name}: broken {share}")

    def _several(self, observation: Observation) -> bool:
        """Whether the definition admits several answers, beside those of given orders."""
        if observation.status != "answered":
            return False
        expected = self._expected(observation)
        return expected.answer.kind is Kind.SET and not expected.candidates

    def _nearest(self, observation: Observation) -> Distance | None:
        """The outcome that an observation fits best."""
        if observation.status != "answered" or "direction" not in observation.outputs:
            return None
        return nearest(self._expected(observation), observation.outputs, self.dtype)

    def _radius(self, observation: Observation, output: str, found: Distance | None) -> arb | None:
        """How far an output of an observation may lie from the exact one; None if unbounded."""
        expected = self._expected(observation)
        if found is None or output not in found.radii or expected.analysis.excessive:
            return None
        limit = self._limit(observation.example)
        if found.scaled > arb(limit) and not expected.candidates and not expected.analysis.complete:
            return None  # it may be an honest answer on an outcome that has no bound
        return radius(found, output, limit, self.dtype)

    def _excused(self, law: str, margin: Margin) -> bool:
        """Whether a failure says nothing, as an input leaves the range of the dtype."""
        if not LAWS[law].gates or not _leans(margin):
            return False
        return any(not self._expected(each).in_range for each in margin.observations)

    def _open(self, expected: Expectation) -> str:
        """Why a large error condemns nobody; empty where it does."""
        if not expected.in_range:
            return f"the Gramian leaves the range of {self.dtype}"
        if expected.analysis.excessive:
            return f"more than {tolerance.OUTCOMES} outcomes are open"
        if not expected.candidates and not expected.analysis.complete:
            return "some outcome of the open branches has no finite bound"
        return ""

    def _membership(self, observation: Observation, expected: Expectation) -> Ruling:
        """Judge a member of a set by the certificate of its method, on the direction alone."""
        example = observation.example
        if example.method != "cagrad":
            return Ruling("skipped", message=f"several answers: {expected.answer.reason}")
        c = rational(cast("float", example.params.get("c", 0.5)))
        limit = self._limit(example) * tolerance.roundoff(self.dtype)
        worst = 1.0
        with ctx.workprec(tolerance.BITS):
            bound = tolerance.set_bound(expected.norms, expected.jacobian.width, self.dtype, c)
            reach = bound * arb(limit)
            direction = cast("Vector", observation.outputs["direction"])
            for margin in cagrad_margins(observation, direction, c):
                found = _compared(margin, dict.fromkeys(_leans(margin), reach))
                if not found.kept:
                    return Ruling("fail", found.margin, f"not admissible: {margin.name}")
                worst = min(worst, 1.0 if found.margin is None else found.margin)
        return Ruling("pass", worst)

    # The exact side -----------------------------------------------------------------------

    def _limit(self, example: Example) -> fmpq:
        """Largest scaled error that the backend's claim allows."""
        return tolerance.claimed_limit(self.dtype, self._told(example)["accuracy"])

    def _told(self, example: Example) -> Mapping[str, Any]:
        """What the backend says of the example's method."""
        methods: Mapping[str, Mapping[str, Any]] = self.description["methods"]
        return methods[example.method]

    def _orders(self, example: Example) -> tuple[tuple[int, ...], ...] | None:
        """The orders that the backend is given, and therefore held to."""
        injected = self._told(example)["randomness"] == "injected"
        return example.orders if injected else None

    def _expected(self, observation: Observation) -> Expectation:
        example = observation.example
        return expectation(
            example.method,
            example.rows,
            parameters(example.params),
            self._orders(example),
            self.dtype,
        )

    def _undefined(self, example: Example) -> str | None:
        """Why the definition has no answer; None where it has one, or the input is invalid."""
        try:
            answer = answer_to(
                example.method, example.rows, parameters(example.params), self._orders(example)
            )
        except ValueError:
            return None
        return answer.reason or "undefined" if answer.kind is Kind.UNDEFINED else None

    def _left_undefined(self, example: Example, exact: Jacobian) -> str | None:
        """Why a refusal may be right: an open branch on which the definition has no answer."""
        if exact is NOTHING:
            return None
        expected = self._expected(Observation(example, exact, {}))
        return None if expected.analysis.defined else "an open branch leaves no answer"

    # The reply ----------------------------------------------------------------------------

    def _observation(self, example: Example, reply: Reply) -> Observation:
        exact = _jacobian(example)
        facts = _facts(reply)
        reason = self._undefined(example)
        if reason is None and reply.status is Status.REFUSED:
            reason = self._left_undefined(example, exact)
        if reason is not None and reply.status not in (
            Status.CRASH,
            Status.TIMEOUT,
            Status.PROTOCOL,
        ):
            return Observation(example, exact, {}, "undefined", reason, facts=facts)
        if reply.status is not Status.OK:
            return Observation(example, exact, {}, str(reply.status), reply.message, facts=facts)
        try:
            divisor = self._scale(example)
        except ValueError as error:
            return Observation(example, exact, {}, "protocol", str(error), facts=facts)
        shapes = {
            "direction": (exact.width,),
            "weights": (exact.tasks,),
            "task_gradients": (exact.tasks, exact.width),
        }
        outputs = {
            name: _exact(found, divisor if name in SCALED else fmpq(1))
            for name, found in reply.outputs.items()
            if found.shape == shapes.get(name) and np.isfinite(found).all()
        }
        raw = {name: found.tobytes() for name, found in reply.outputs.items()}
        return Observation(example, exact, outputs, "answered", "", raw, facts)

    def _scale(self, example: Example) -> fmpq:
        """The declared scale; ValueError where it has no value or is zero."""
        told = self._told(example)
        given = {each.name: each.default for each in METHODS[example.method].parameters}
        params = {**given, **told["params"], **example.params}
        value = scale.parse(told["scale"]).value(len(example.rows), params)
        if value == 0:
            message = f"scale must not be zero (got {told['scale']!r} for {params})"
            raise ValueError(message)
        return fmpq(value.numerator, value.denominator)


def _leans(margin: Margin) -> set[tuple[int, str]]:
    """The outputs on whose errors a margin leans, to first or second order."""
    return set(margin.slopes) | set(margin.curvatures)


def _compared(margin: Margin, radii: Mapping[tuple[int, str], arb]) -> tolerance.Weighing:
    """A margin against what the errors of its observations allow."""
    none = fmpq(0)
    with ctx.workprec(tolerance.BITS):
        terms = [
            (margin.slopes.get(key, none), margin.curvatures.get(key, none), radius)
            for key, radius in radii.items()
        ]
        allowed = tolerance.allowance(terms)
        zero = margin.relation is Relation.ZERO
        return tolerance.weigh(margin.value, zero=zero, allowed=allowed)


def array(rows: Sequence[Sequence[float]], dtype: str) -> Array:
    """Rows as the array that a request carries; bfloat16 travels as float32."""
    native = np.float64 if dtype == "float64" else np.float32
    with np.errstate(over="ignore"):
        found = np.array([list(row) for row in rows], dtype=np.float64).astype(native)
    return found if found.ndim == 2 else found.reshape(0, 0)  # noqa: PLR2004  (a matrix)


def _jacobian(example: Example) -> Jacobian:
    """The exact jacobian; a stand-in where the rows are none."""
    try:
        return jacobian(example.rows)
    except ValueError:
        return NOTHING


def _facts(reply: Reply) -> dict[str, object]:
    finite = all(bool(np.isfinite(found).all()) for found in reply.outputs.values())
    return {
        "dtype": dict(reply.dtypes),
        "shape": {name: list(found.shape) for name, found in reply.outputs.items()},
        "finite": finite,
        "mutated": list(reply.mutated),
        "device": reply.device,
        "reply": str(reply.status),
        "message": reply.message,
    }


def _exact(found: Array, divisor: fmpq) -> Output:
    """The floats as the rationals that they are, over the scale."""
    if found.ndim > 1:
        return tuple(cast("Vector", _exact(row, divisor)) for row in found)
    numbers = (fmpq(*float(number).as_integer_ratio()) for number in found)
    return tuple(number / divisor for number in numbers)

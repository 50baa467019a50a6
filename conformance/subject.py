"""A backend as a subject of the laws: asked over the wire, weighed by what its rounding may do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast, final

from flint import arb, fmpq

from conformance import tolerance
from conformance.distance import Distance, nearest, radius
from conformance.expectation import Expectation, expectation
from conformance.fitting import fitted
from conformance.membership import membership
from conformance.question import Question, answer_to, question
from conformance.reading import answered, exact_jacobian, facts_of, randomness, request
from conformance.reply import Reply, Status
from conformance.sequence import Sequence, last_of
from conformance.session import Session
from conformance.weighing import compared, leans
from mtl_reference import METHODS
from mtl_reference.method import Kind, Relation
from mtl_reference.rational import Jacobian
from properties.example import Example, Margin, Observation, Ruling
from properties.laws import LAWS
from properties.question import sizes


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

    def open(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        tasks: int,
        size: int,
        dtype: str,
        seed: int = 0,
    ) -> Session:
        """A session of a stateful method."""


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
        if example.earlier or example.extra.get("session"):
            return self._over_steps(example)
        random = None
        if self._injected(example):
            random = randomness(example, self.dtype, example.method)
        reply = self.supervisor.evaluate(
            example.method,
            request(example, self.dtype),
            dict(example.params),
            random,
            _seed(example),
        )
        return self._observation(example, reply)

    def session(self, example: Example) -> Sequence:
        """A session of an example's method and parameters, to be stepped and closed."""
        known = sizes(example)
        opened = self.supervisor.open(
            example.method,
            dict(example.params),
            tasks=known.get("T", 0),
            size=known.get("d", 0),
            dtype=self.dtype,
            seed=_seed(example),
        )
        injected = self._injected(example)
        return Sequence(opened, example, self.dtype, injected=injected, observe=self._observation)

    def _over_steps(self, example: Example) -> Observation:
        """The last answer of a session; a backend that keeps no state is not asked."""
        if not self._told(example)["stateful"]:
            exact = exact_jacobian(example)
            return Observation(example, exact, {}, "skipped", "the backend keeps no state")
        return last_of(self.session(example), example)

    def judge(self, law: str, example: Example, margins: Collection[Margin]) -> Ruling:
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
            asked, limit = self._question(observation.example), self._limit(observation.example)
            return membership(observation, expected, asked, limit, self.dtype)
        if expected.main not in observation.outputs:
            return Ruling("fail", message=f"no finite {expected.main} of the right shape is given")
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
        for place, output in leans(margin):
            observation = margin.observations[place]
            if self._several(observation):
                return Ruling("skipped", message="the definition admits several answers")
            if id(observation) not in seen:
                seen[id(observation)] = self._nearest(observation)
            reach = self._radius(observation, output, seen[id(observation)])
            if reach is None:
                return Ruling("undecided", message=f"{margin.name}: no finite bound")
            allowed[place, output] = reach
        found = compared(margin, allowed)
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
        if observation.status != "answered" or self._main(observation) not in observation.outputs:
            return None
        return nearest(self._expected(observation), observation.outputs, self.dtype)

    def _radius(self, observation: Observation, output: str, found: Distance | None) -> arb | None:
        """How far an output of an observation may lie from the exact one; None if unbounded."""
        expected = self._expected(observation)
        if found is None or output not in found.radii:
            return None
        limit = self._limit(observation.example)
        if not found.scaled <= arb(limit) and not expected.candidates:
            known = expected.analysis
            if known.excessive or not known.complete:
                return None  # it may be an honest answer on an outcome that has no bound
        return radius(found, output, limit, self.dtype)

    def _excused(self, law: str, margin: Margin) -> bool:
        """Whether a failure says nothing, as an input leaves the range of the dtype."""
        if not LAWS[law].gates or not leans(margin):
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

    # The exact side -----------------------------------------------------------------------

    def _limit(self, example: Example) -> fmpq:
        """Largest scaled error that the backend's claim allows."""
        return tolerance.claimed_limit(self.dtype, self._told(example)["accuracy"])

    def _told(self, example: Example) -> Mapping[str, Any]:
        """What the backend says of the example's method."""
        methods: Mapping[str, Mapping[str, Any]] = self.description["methods"]
        return methods[example.method]

    def _injected(self, example: Example) -> bool:
        """Whether the backend is given its random inputs, and therefore held to them."""
        return bool(self._told(example)["randomness"] == "injected")

    @staticmethod
    def _main(observation: Observation) -> str:
        """The output that the observation's method is named for."""
        return METHODS[observation.example.method].main

    def _question(self, example: Example) -> Question:
        return question(example, injected=self._injected(example))

    def _expected(self, observation: Observation) -> Expectation:
        example, injected = observation.example, self._injected(observation.example)
        told = None if injected else fitted(observation)
        if told is not None:
            return expectation(question(told, injected=True), self.dtype)
        return expectation(self._question(example), self.dtype)

    def _undefined(self, example: Example) -> str | None:
        """Why the definition has no answer; None where it has one, or the input is invalid."""
        try:
            answer = answer_to(self._question(example))
        except ValueError:
            return None
        return answer.reason or "undefined" if answer.kind is Kind.UNDEFINED else None

    def _left_undefined(self, example: Example, exact: Jacobian) -> str | None:
        """Why a refusal may be right: an open branch on which the definition has no answer."""
        try:
            expected = self._expected(Observation(example, exact, {}))
        except ValueError:
            return None
        return None if expected.analysis.defined else "an open branch leaves no answer"

    # The reply ----------------------------------------------------------------------------

    def _observation(self, example: Example, reply: Reply) -> Observation:
        if reply.status in (Status.CRASH, Status.TIMEOUT, Status.PROTOCOL):
            reason = None
        else:
            reason = self._undefined(example)
        exact = exact_jacobian(example)
        if reason is None and reply.status is Status.REFUSED:
            reason = self._left_undefined(example, exact)
        if reason is None and reply.status is Status.OK:
            return answered(example, reply, self._told(example))
        facts = facts_of(reply)
        if reason is not None:
            return Observation(example, exact, {}, "undefined", reason, facts=facts)
        return Observation(example, exact, {}, str(reply.status), reply.message, facts=facts)


def _seed(example: Example) -> int:
    """The seed of an example's requests."""
    return int(cast("int", example.extra.get("seed", 0)))

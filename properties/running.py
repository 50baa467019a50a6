"""A running job: examples asked, ruled on and recorded; a failure made small and replayed.

A job's first block asks the pinned edge cases; then every block asks what Hypothesis draws from a
seed that only the job's key and the caller's seed decide. Shrinking is bounded in examples: once
they are spent, the smallest failure known stands. Crashes and time-outs are recorded as met, never
shrunk.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast, final

from hypothesis import target

from properties.example import Example, Margin, Observation, Ruling, Subject
from properties.generation import Unsatisfiable, search
from properties.inputs import examples, pinned
from properties.job import (
    PROFILES,
    VERDICT_OF_STATUS,
    ExampleRecord,
    Failure,
    Job,
    JobRecord,
    Profile,
    folded,
    weak,
)
from properties.laws import LAWS, Law, UnansweredError

BATCHES = 3  # a job that is too weak draws again, so that few examples do not condemn by chance


def run(job: Job, subject: Subject, *, seed: int = 0, shrinks: int | None = None) -> JobRecord:
    """Run a job on a subject; deterministic for a subject whose answers are.

    ``shrinks`` is the number of examples spent on making a failure smaller (the profile's).
    """
    profile = PROFILES[job.profile]
    budget = profile.shrinks if shrinks is None else shrinks
    drawn = LAWS[job.law].drawn
    session = _Session(job, subject, budget, steered=job.profile != "quick")
    for example in pinned(job.setting) if job.block == 0 else ():
        session.record(_with_draws(example, profile) if drawn else example)
    for batch in () if drawn else range(BATCHES):
        if batch == 0 or session.weak():
            _search(session, f"{job.key}/{seed}/{batch}")
    return session.finished()


def _with_draws(example: Example, profile: Profile) -> Example:
    return replace(example, extra={**example.extra, "draws": profile.draws})


def _search(session: "_Session", seed: str) -> None:
    number = int.from_bytes(sha256(seed.encode()).digest()[:8])
    drawn, count = examples(session.job.setting), session.job.examples
    try:
        search(drawn, session.check, examples=count, number=number, targets=session.steered)
    except Unsatisfiable:
        return
    except (_BrokenError, _SpentError):
        session.settle()


class _BrokenError(AssertionError):
    """An example fails; Hypothesis looks for a smaller one."""


class _SpentError(BaseException):
    """The budget of shrinking is spent: past Hypothesis, which catches only exceptions."""


@dataclass(slots=True)
class _Heard:
    """What was observed and ruled of one example."""

    ruling: Ruling
    observations: tuple[Observation, ...]


@final
@dataclass(slots=True)
class _Listener:
    """The subject, with what it answers to one example kept."""

    subject: Subject
    observations: list[Observation] = field(default_factory=list)

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe, and keep the observation."""
        observation = self.subject.observe(example, repeat=repeat)
        self.observations.append(observation)
        return observation

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the subject does."""
        return self.subject.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the subject does."""
        return self.subject.accuracy(observation)


def examine(law: Law, example: Example, subject: Subject) -> tuple[Ruling, tuple[Observation, ...]]:
    """The ruling on one example under a law, and what was observed for it."""
    listener = _Listener(subject)
    try:
        margins = list(law.margins(example, listener))
    except UnansweredError as error:
        status = error.observation.status
        ruling = Ruling(VERDICT_OF_STATUS[status], message=error.observation.message)
        return ruling, tuple(listener.observations)
    seen = tuple(listener.observations)
    if law.by_accuracy and seen:
        return subject.accuracy(seen[-1]), seen
    if not margins:
        return Ruling("skipped", message="the law asks nothing of this input"), seen
    return subject.judge(law.id, example, margins), seen


@final
@dataclass(slots=True)
class _Session:
    """The state of one running job."""

    job: Job
    subject: Subject
    shrinks: int
    steered: bool = False
    records: list[ExampleRecord] = field(default_factory=list)
    known: dict[str, _Heard] = field(default_factory=dict)
    smallest: Example | None = None
    shrunk: int = 0

    def hear(self, example: Example) -> _Heard:
        """The ruling on an example, asked once."""
        name = repr(example)
        if name not in self.known:
            ruling, seen = examine(LAWS[self.job.law], example, self.subject)
            self.known[name] = _Heard(ruling, seen)
        return self.known[name]

    def record(self, example: Example) -> Ruling:
        """Ask an example and write its verdict down."""
        ruling = self.hear(example).ruling
        self.records.append(ExampleRecord(len(self.records), ruling.verdict, ruling, example))
        return ruling

    def check(self, example: Example) -> None:
        """Fail where the example fails: Hypothesis's view of the law."""
        broken = self.first(example) if self.smallest is None else self.again(example)
        if broken:
            self.smallest = example
            raise _BrokenError  # one place to fail: Hypothesis tells failures apart by their line

    def first(self, example: Example) -> bool:
        """Whether an example fails while none has; what does not gate is told, never shrunk."""
        if repr(example) in self.known:
            return False  # asked before, and passed by: each batch begins with the simplest
        ruling = self.record(example)
        if self.steered and ruling.scaled_error is not None:
            target(min(ruling.scaled_error, 1e300))
        return ruling.verdict == "fail" and LAWS[self.job.law].gates

    def again(self, example: Example) -> bool:
        """Whether an example fails too; beyond the budget nothing new is asked."""
        if repr(example) not in self.known:
            self.shrunk += 1
            if self.shrunk > self.shrinks:
                raise _SpentError
        return self.hear(example).ruling.verdict == "fail"

    def settle(self) -> None:
        """Put the smallest failure in the place of the drawn one."""
        smallest = cast("Example", self.smallest)
        last = self.records[-1]
        ruling = self.hear(smallest).ruling
        self.records[-1] = replace(last, example=smallest, ruling=ruling)

    def weak(self) -> bool:
        """Whether the job says too little so far, and has found no failure to say instead."""
        counts = Counter(record.verdict for record in self.records)
        return self.smallest is None and weak(counts) and LAWS[self.job.law].gates

    def failure(self) -> Failure | None:
        """The failure with the fewest numbers, replayed once to see that it stands."""
        broken = [record.example for record in self.records if record.verdict == "fail"]
        if not broken:
            return None
        example = min(broken, key=_size)
        heard = self.hear(example)
        _, seen = examine(LAWS[self.job.law], example, _Again(self.subject))
        before, after = _raw(heard.observations), _raw(seen)
        if before != after and self.job.controlled:
            both = (*heard.observations, *seen)
            return Failure("deterministic", example, "fail", "replayed, another reply", both)
        return Failure(self.job.law, example, "fail", heard.ruling.message, heard.observations)

    def finished(self) -> JobRecord:
        """The job's record: its verdict is the gravest of its examples'."""
        counts = Counter(record.verdict for record in self.records)
        failure = self.failure()
        verdict, message = folded(self.job, counts)
        if failure is not None:
            message = failure.message
        if self.job.law == "homogeneous-range":
            message = f"{message}; {_scales(self.records)}" if message else _scales(self.records)
        return JobRecord(self.job, verdict, message, tuple(self.records), dict(counts), failure)


@final
@dataclass(frozen=True, slots=True)
class _Again:
    """The subject, asked afresh."""

    subject: Subject

    def observe(self, example: Example, *, repeat: int = 0) -> Observation:
        """Observe the same example afresh."""
        return self.subject.observe(example, repeat=repeat + 1)

    def judge(self, law: str, example: Example, margins: Sequence[Margin]) -> Ruling:
        """Judge as the subject does."""
        return self.subject.judge(law, example, margins)

    def accuracy(self, observation: Observation) -> Ruling:
        """Compare as the subject does."""
        return self.subject.accuracy(observation)


def _scales(records: Sequence[ExampleRecord]) -> str:
    """Tell the scales at which homogeneity was seen, beside those at which it broke."""
    seen: dict[str, list[float]] = {"pass": [], "fail": []}
    for record in records:
        scale = record.example.extra.get("scale")
        if record.verdict in seen and isinstance(scale, (int, float)):
            seen[record.verdict].append(scale)
    kept, broken = sorted(seen["pass"]), sorted(seen["fail"])
    told = f"holds at {len(kept)} scales"
    told += f" from {kept[0]:.3g} to {kept[-1]:.3g}" if kept else ""
    return told + (f", breaks at {', '.join(f'{s:.3g}' for s in broken)}" if broken else "")


def _raw(observations: Sequence[Observation]) -> list[tuple[str, dict[str, bytes]]]:
    return [(seen.status, dict(seen.raw)) for seen in observations]


def _size(example: Example) -> tuple[int, int, float]:
    """Order of examples: steps and tasks, entries, sum of absolute entries."""
    entries = [abs(entry) for step in example.steps for entry in _entries((step.rows, step.inputs))]
    return len(example.earlier) + example.tasks, len(entries), sum(entries)


def _entries(values: Any) -> Iterator[float]:  # noqa: ANN401  (of any shape)
    """The numbers in nested values."""
    if isinstance(values, Mapping):
        values = tuple(values.values())
    if isinstance(values, (tuple, list)):
        for each in values:
            yield from _entries(each)
    else:
        yield values

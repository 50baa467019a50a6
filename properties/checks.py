"""The jobs: law × method × dtype × parameters; the one generator of checks, and how one runs.

A job's first block asks the pinned edge cases; then every block asks what Hypothesis draws from a
seed that only the job's key and the caller's seed decide. Shrinking is bounded in examples: once
they are spent, the smallest failure known stands. Crashes and time-outs are recorded as met, never
shrunk.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from json import dumps
from types import MappingProxyType
from typing import cast, final

from hypothesis import target

from properties.claims import Params, holding
from properties.example import Example, Margin, Observation, Ruling, Subject
from properties.generation import Unsatisfiable, search
from properties.inputs import Setting, examples, grid, pinned
from properties.laws import LAWS, Law, UnansweredError

WEAK = (1, 5)  # more than one in five undecided is too weak
UNJUDGED = frozenset({"skipped", "unsupported", "not-run"})
JUDGED = 20  # fewer examples say too little about how many of their kind are undecided
BATCHES = 3  # a job that is too weak draws again, so that few examples do not condemn by chance


@dataclass(frozen=True, slots=True)
class Profile:
    """Fixed counts: examples of a job, blocks of accuracy, largest T, draws, shrinking."""

    examples: int
    accuracy_blocks: int
    most_tasks: int
    draws: int
    shrinks: int


PROFILES: Mapping[str, Profile] = MappingProxyType({
    "quick": Profile(8, 2, 5, 64, 60),
    "standard": Profile(50, 4, 8, 512, 200),
    "exhaustive": Profile(1000, 40, 8, 4096, 200),
})  # fmt: skip
DTYPES = ("float64", "float32")

VERDICTS = ("pass", "fail", "undecided", "refused", "unsupported", "skipped", "xfail", "xpass",
            "crash", "timeout", "protocol", "not-run")  # fmt: skip
GRAVEST = ("protocol", "crash", "timeout", "fail", "refused", "pass", "undecided", "unsupported",
           "skipped")  # fmt: skip
VERDICT_OF_STATUS: Mapping[str, str] = MappingProxyType({
    "undefined": "skipped", "refused": "refused", "unsupported": "unsupported",
    "skipped": "skipped", "failed": "fail", "crash": "crash", "timeout": "timeout",
    "protocol": "protocol",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Job:
    """One Hypothesis run, or one statistical test: what `certify` schedules.

    The key is made of the first seven fields; ``profile`` says how many examples are asked,
    ``injected`` whether the backend takes PCGrad's orders, and ``controlled`` whether the same
    request must have the same reply.
    """

    suite: str
    backend: str
    method: str
    law: str
    dtype: str
    params: Params
    block: int = 0
    profile: str = "quick"
    injected: bool = True
    controlled: bool = True

    @property
    def key(self) -> str:
        """The sha256, in hex, of the job's canonical JSON (RFC 8785)."""
        fields = ("suite", "backend", "method", "law", "dtype", "block")
        values = {name: getattr(self, name) for name in fields}
        values["params"] = {name: _shortest(value) for name, value in self.params.items()}
        text = dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return sha256(text.encode()).hexdigest()

    @property
    def id(self) -> str:
        """The job's name in pytest: method/law/dtype-params-block."""
        params = ",".join(f"{name}={_shortest(value)}" for name, value in self.params.items())
        return f"{self.method}/{self.law}/{self.dtype}-{params}-{self.block}"

    @property
    def setting(self) -> Setting:
        """What the job's examples are drawn for."""
        most = PROFILES[self.profile].most_tasks
        return Setting(self.method, self.law, self.params, self.dtype, self.injected, most)


def _shortest(value: float | str) -> float | str | int:
    """A parameter as RFC 8785 writes it: whole numbers without a point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """The verdict on one example of a job, in the order asked."""

    index: int
    verdict: str
    ruling: Ruling
    example: Example


@dataclass(frozen=True, slots=True)
class Failure:
    """The smallest failure of a job: what was asked, what was said, and what came back.

    ``law`` is the job's law, or "deterministic" where a replay gave another reply.
    """

    law: str
    example: Example
    verdict: str
    message: str
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What became of a job: a record for each example, counts, and the smallest failure."""

    job: Job
    verdict: str
    message: str
    records: tuple[ExampleRecord, ...]
    counts: Mapping[str, int]
    failure: Failure | None = None

    @property
    def worst_margin(self) -> float | None:
        """The least margin, in the law's unit; None where none was measured."""
        found = [r.ruling.worst_margin for r in self.records if r.ruling.worst_margin is not None]
        return min(found, default=None)

    @property
    def worst_error(self) -> ExampleRecord | None:
        """The record of the largest scaled error; None where none was measured."""
        found = [r for r in self.records if r.ruling.scaled_error is not None]
        return max(found, key=lambda r: cast("float", r.ruling.scaled_error), default=None)

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """(condition, scaled error) of each example that has both."""
        return tuple(
            (r.ruling.condition, r.ruling.scaled_error)
            for r in self.records
            if r.ruling.condition is not None and r.ruling.scaled_error is not None
        )


def jobs(
    description: Mapping[str, object],
    *,
    suite: str,
    backend: str,
    profile: str = "quick",
    methods: Collection[str] | None = None,
    laws: Collection[str] | None = None,
    dtypes: Collection[str] | None = None,
) -> Iterator[Job]:
    """Jobs for what a backend declares (the wire's ``describe``), in a fixed order."""
    offered = cast("Mapping[str, Mapping[str, object]]", description["methods"])
    for method in sorted(offered):
        if methods is not None and method not in methods:
            continue
        for law in LAWS.values():
            if _selected(law, method, offered[method], laws):
                base = Job(suite, backend, method, law.id, "", {}, profile=profile)
                yield from _of_law(base, offered[method], dtypes)


def _selected(
    law: Law, method: str, offer: Mapping[str, object], laws: Collection[str] | None
) -> bool:
    outputs = cast("Sequence[str]", offer.get("outputs", ("direction",)))
    judged = "F" in law.kinds or law.kinds.endswith("S")
    known = bool(holding(method, law.id, floats=True))
    return judged and known and (laws is None or law.id in laws) and set(law.needs) <= set(outputs)


def _of_law(
    base: Job, offer: Mapping[str, object], dtypes: Collection[str] | None
) -> Iterator[Job]:
    randomness = offer.get("randomness", "none")
    injected, controlled = randomness == "injected", randomness != "uncontrolled"
    if not _answers_to(base, str(randomness)):
        return
    base = replace(base, injected=injected, controlled=controlled)
    wanted = DTYPES if dtypes is None else dtypes
    declared = cast("Sequence[str]", offer.get("dtypes", DTYPES))
    names = cast("Mapping[str, object]", offer.get("params", {}))
    accuracy = base.law == "accuracy"
    blocks = PROFILES[base.profile].accuracy_blocks if accuracy else 1
    for dtype in (dtype for dtype in declared if dtype in wanted):
        for params in grid(base.method, names, base.law):
            for block in range(blocks):
                job = replace(base, dtype=dtype, params=params, block=block)
                if job.setting.claims():
                    yield job


def _answers_to(job: Job, randomness: str) -> bool:
    """Whether a backend with this kind of randomness can be asked under the law."""
    if job.method != "pcgrad":
        return True
    if job.law == "deterministic":
        return randomness != "uncontrolled"
    if job.law == "pcgrad-replay":
        return randomness == "injected"
    return job.law != "pcgrad-orders" or randomness != "injected"


def run(job: Job, subject: Subject, *, seed: int = 0, shrinks: int | None = None) -> JobRecord:
    """Run a job on a subject; deterministic for a subject whose answers are.

    ``shrinks`` is the number of examples spent on making a failure smaller (the profile's).
    """
    profile = PROFILES[job.profile]
    budget = profile.shrinks if shrinks is None else shrinks
    session = _Session(job, subject, budget, steered=job.profile != "quick")
    for example in pinned(job.setting) if job.block == 0 else ():
        session.record(_with_draws(example, profile) if job.law == "pcgrad-orders" else example)
    for batch in range(BATCHES) if job.law != "pcgrad-orders" else ():
        if batch == 0 or session.weak():
            _search(session, profile, f"{job.key}/{seed}/{batch}")
    return session.finished()


def _with_draws(example: Example, profile: Profile) -> Example:
    return replace(example, extra={**example.extra, "draws": profile.draws})


def _search(session: "_Session", profile: Profile, seed: str) -> None:
    number = int.from_bytes(sha256(seed.encode()).digest()[:8])
    drawn = examples(session.job.setting)
    try:
        search(drawn, session.check, examples=profile.examples, number=number,
               targets=session.steered)  # fmt: skip
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
    if law.id == "accuracy":
        return subject.accuracy(seen[0]), seen
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
        verdict, message = _folded(self.job, counts)
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
    """Order of examples: tasks, entries, sum of absolute entries."""
    entries = [abs(entry) for row in example.rows for entry in row]
    return len(example.rows), len(entries), sum(entries)


def weak(counts: Mapping[str, int]) -> bool:
    """Whether more than one in five of the examples that were judged is undecided."""
    return counts.get("undecided", 0) * WEAK[1] > judged(counts) * WEAK[0]


def judged(counts: Mapping[str, int]) -> int:
    """The examples under which the law had something to say and the backend an answer."""
    return sum(n for verdict, n in counts.items() if verdict not in UNJUDGED)


def _folded(job: Job, counts: Mapping[str, int]) -> tuple[str, str]:
    """Verdict of a job: the gravest met; too many undecided fail a law that gates."""
    if not counts:
        return "undecided", "no input was drawn that the law speaks of"
    asked, undecided = judged(counts), counts.get("undecided", 0)
    gravest = next(verdict for verdict in GRAVEST if counts.get(verdict))
    gates = LAWS[job.law].gates and asked >= JUDGED
    if gates and weak(counts) and gravest in {"undecided", "pass"}:
        return "fail", f"too weak: {undecided} of {asked} examples are undecided"
    return gravest, ""

"""The records of a job: what is asked, what became of each example, and the smallest failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from types import MappingProxyType
from typing import cast

from mtl_reference.method import ParameterValue
from properties.claims import Params
from properties.claims.words import GENERAL
from properties.example import Example, Observation, Ruling
from properties.inputs import Pins, Setting
from properties.laws import LAWS

WEAK = (1, 5)  # more than one in five undecided is too weak
UNJUDGED = frozenset({"skipped", "unsupported", "not-run"})
JUDGED = 20  # fewer examples say too little about how many of their kind are undecided


@dataclass(frozen=True, slots=True)
class Profile:
    """Fixed counts: examples of a job, blocks of accuracy, largest T, draws, shrinking.

    ``common`` are the examples of a job under one of the laws that nearly every method keeps. They
    ask the same of all methods, each in every dtype and with several parameters, so that in a
    ``lean`` profile a few examples a job are many; there they also leave most pinned cases
    to accuracy, which asks all of them in every dtype.
    """

    examples: int
    common: int
    accuracy_blocks: int
    most_tasks: int
    draws: int
    shrinks: int
    lean: bool = False


PROFILES: Mapping[str, Profile] = MappingProxyType({
    "quick": Profile(8, 4, 2, 5, 64, 60, lean=True),
    "standard": Profile(50, 50, 4, 8, 512, 200),
    "exhaustive": Profile(1000, 1000, 40, 8, 4096, 200),
})  # fmt: skip
COMMON = frozenset(GENERAL) - {"accuracy"}
ROUNDLESS = frozenset({"invalid-input"})  # no rounding has a part in them: one dtype tells all
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
    ``injected`` whether the backend takes its randomness from the request, ``controlled`` whether
    the same request must have the same reply, and ``first`` whether the dtype is the first that the
    backend declares.
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
    first: bool = True

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
        """The job's name in pytest: method/law/dtype-params-block, the parameters by name.

        That of one vector alone is method/vector/ID.
        """
        if "vector" in self.params:
            return f"{self.method}/vector/{self.params['vector']}"
        named = sorted(self.params.items())
        params = ",".join(f"{name}={_shortest(value)}" for name, value in named)
        return f"{self.method}/{self.law}/{self.dtype}-{params}-{self.block}"

    @property
    def setting(self) -> Setting:
        """What the job's examples are drawn for."""
        most = PROFILES[self.profile].most_tasks
        given = (self.method, self.law, self.params, self.dtype, self.injected, most)
        return Setting(*given, pins=self.pins)

    @property
    def pins(self) -> Pins:
        """How many of the pinned cases are asked: in lean profiles few, and in one dtype."""
        if self.law not in COMMON or not PROFILES[self.profile].lean:
            return "all"
        return "few" if self.first else "none"

    @property
    def examples(self) -> int:
        """How many examples one batch of the job draws."""
        profile = PROFILES[self.profile]
        return profile.common if self.law in COMMON else profile.examples


def _shortest(value: ParameterValue) -> object:
    """A parameter as RFC 8785 writes it: whole numbers without a point, in lists too."""
    if isinstance(value, (tuple, list)):
        return [_shortest(each) for each in value]
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


def weak(counts: Mapping[str, int]) -> bool:
    """Whether more than one in five of the examples that were judged is undecided."""
    return counts.get("undecided", 0) * WEAK[1] > judged(counts) * WEAK[0]


def judged(counts: Mapping[str, int]) -> int:
    """The examples under which the law had something to say and the backend an answer."""
    return sum(n for verdict, n in counts.items() if verdict not in UNJUDGED)


def folded(job: Job, counts: Mapping[str, int]) -> tuple[str, str]:
    """Verdict of a job: the gravest met; too many undecided fail a law that gates."""
    if not counts:
        return "undecided", "no input was drawn that the law speaks of"
    asked, undecided = judged(counts), counts.get("undecided", 0)
    gravest = next(verdict for verdict in GRAVEST if counts.get(verdict))
    gates = LAWS[job.law].gates and asked >= JUDGED
    if gates and weak(counts) and gravest in {"undecided", "pass"}:
        return "fail", f"too weak: {undecided} of {asked} examples are undecided"
    return gravest, ""

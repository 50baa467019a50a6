"""Frozen vectors as jobs: planned for what a backend declares, judged block by block.

The law ``vector`` gates. ``vector-beyond`` informs: it asks what is invalid, and numbers so large
or small that products of them leave the range of the dtype.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from conformance import tolerance
from conformance.expectation import MOST_TASKS_BY_DIRECTION
from conformance.question import ONLY
from conformance.reading import answered, exact_jacobian, facts_of, randomness, request
from conformance.reply import Reply, Status
from conformance.sequence import Sequence as Steps
from conformance.sequence import last_of
from conformance.subject import BackendSubject
from conformance.vectors.judging import ruling as ruled
from conformance.vectors.record import Vector, of
from mtl_reference import METHODS
from properties.checks import ExampleRecord, Failure, Job, JobRecord, examine
from properties.example import Example, Observation, Ruling
from properties.job import GRAVEST, VERDICT_OF_STATUS
from properties.laws import LAWS as SEARCHED

LAW: Final = "vector"
BEYOND: Final = "vector-beyond"
LAWS: Final = (LAW, BEYOND)
BLOCK: Final = 48  # vectors of one job
BROKEN: Final = ("fail", "crash", "timeout", "protocol", "refused")

Offer = Mapping[str, Any]


# Planning ------------------------------------------------------------------------------------


def planned(
    description: Offer,
    *,
    suite: str,
    backend: str,
    profile: str = "quick",
    methods: Collection[str] | None = None,
    laws: Collection[str] | None = None,
    dtypes: Collection[str] | None = None,
) -> Iterator[Job]:
    """One job for each block of vectors of a method, law and dtype that a backend offers."""
    offered: Mapping[str, Offer] = description["methods"]
    for method in sorted(offered):
        if methods is not None and method not in methods:
            continue
        told = offered[method]
        base = Job(suite, backend, method, LAW, "", {}, profile=profile,
                   injected=told["randomness"] == "injected",
                   controlled=told["randomness"] != "uncontrolled")  # fmt: skip
        for dtype in told["dtypes"]:
            if dtypes is None or dtype in dtypes:
                for law in LAWS:
                    if laws is None or law in laws:
                        yield from _blocks(replace(base, law=law, dtype=dtype), told)


def _blocks(job: Job, told: Offer) -> Iterator[Job]:
    """The blocks of which a backend can be asked something."""
    count = len(_all_of(job))
    for block in range(-(-count // BLOCK)):
        found = replace(job, block=block)
        given = job.injected or not METHODS[job.method].randomness
        if given or any(not _unasked(each, told) for each in vectors_of(found)):
            yield found


def _all_of(job: Job) -> list[Vector]:
    """The vectors of a job's method, law and dtype."""
    gates = job.law == LAW
    known = of(job.method).vectors
    return [each for each in known if each.dtype == job.dtype and each.gates is gates]


def vectors_of(job: Job) -> list[Vector]:
    """The vectors of a job: of its block, or the one that its parameters name."""
    every = _all_of(job)
    if "vector" in job.params:
        return [each for each in every if each.id == job.params["vector"]]
    return every[job.block * BLOCK : (job.block + 1) * BLOCK]


def apart(job: Job) -> Iterator[Job]:
    """Each vector of a job as a job of its own, whose id is method/vector/ID."""
    for vector in vectors_of(job):
        yield replace(job, params={"vector": vector.id}, block=0)


# Judging -------------------------------------------------------------------------------------


def judged(job: Job, subject: BackendSubject) -> JobRecord:
    """The verdicts on the vectors of a job, in the order of their numbers; the shortest failure."""
    records: list[ExampleRecord] = []
    failure: Failure | None = None
    for place, vector in enumerate(vectors_of(job)):
        found, seen = examined(vector, subject)
        example = seen[0].example if seen else vector.example
        records.append(ExampleRecord(place, found.verdict, found, example))
        shorter = failure is None or len(repr(example)) < len(repr(failure.example))
        if found.verdict in BROKEN and shorter:
            failure = Failure(job.law, example, found.verdict, found.message, seen)
    counts = Counter(record.verdict for record in records)
    verdict = next((each for each in GRAVEST if counts[each]), "skipped")
    message = failure.message if failure else ""
    return JobRecord(job, verdict, message, tuple(records), dict(counts), failure)


def examined(vector: Vector, subject: BackendSubject) -> tuple[Ruling, tuple[Observation, ...]]:
    """The ruling on one vector, and what was observed for it."""
    told = subject.description["methods"][vector.method]
    example = vector.example
    if silent := _unasked(vector, told):
        return Ruling("skipped", message=f"vector {vector.id}: {silent}"), ()
    example = replace(example, params=_offered(example, told))
    if told["randomness"] != "injected" and METHODS[vector.method].randomness:
        example = replace(example, orders=None, random={})
        if not _one_draw(vector):
            found, seen = examine(SEARCHED["accuracy"], example, subject)
            return replace(found, message=f"vector {vector.id}: {found.message}"), seen
    observation = _observed(example, subject)
    if observation.status != "answered":
        return _unanswered(vector, observation), (observation,)
    limit = tolerance.claimed_limit(vector.dtype, told["accuracy"])
    return ruled(vector, observation, limit), (observation,)


def _one_draw(vector: Vector) -> bool:
    """Whether the answer is the same whatever is drawn: two tasks meet in one order only."""
    if vector.result == "invalid":
        return True
    ordered = METHODS[vector.method].randomness == ("orders",)
    return ordered and vector.example.tasks <= len(ONLY)


def reexamined(
    example: Example, dtype: str, subject: BackendSubject
) -> tuple[Ruling, tuple[Observation, ...]]:
    """The ruling on a recorded example that names its vector; ValueError where there is none."""
    number = example.extra.get("vector")
    known = [each for each in of(example.method).vectors if each.id == number]
    if not known or known[0].dtype != dtype:
        message = f"{example.method} has no vector {number} in {dtype}"
        raise ValueError(message)
    return examined(known[0], subject)


def _unasked(vector: Vector, told: Offer) -> str:
    """Why a backend is not asked; empty where it is."""
    example = vector.example
    if example.earlier and not told["stateful"]:
        return "the backend keeps no state"
    defaults = {each.name: each.default for each in METHODS[vector.method].parameters}
    for name, value in example.params.items():
        if name not in told["params"] and value != defaults.get(name):
            return f"the backend does not offer {name}"
    if told["randomness"] == "injected" or not METHODS[vector.method].randomness:
        return ""
    return "" if _tellable(example) else "the backend draws what is given here"


def _tellable(example: Example) -> bool:
    """Whether an answer to a draw of one's own can be told from a wrong one."""
    few = example.orders is None or example.tasks <= MOST_TASKS_BY_DIRECTION
    return few and not example.earlier and "sample" not in example.random


def _offered(example: Example, told: Offer) -> dict[str, Any]:
    """The parameters that a backend takes."""
    return {name: value for name, value in example.params.items() if name in told["params"]}


def _unanswered(vector: Vector, observation: Observation) -> Ruling:
    """The ruling where there are no outputs: a refusal is right of what is invalid."""
    status, said = observation.status, f"vector {vector.id}: {observation.message}"
    if vector.result == "invalid" and status in {"refused", "failed", "unsupported"}:
        return Ruling("pass", message=said)
    if "any" in vector.told.get("set", {}) and status in {"refused", "failed", "unsupported"}:
        return Ruling("skipped", message=said)
    return Ruling(VERDICT_OF_STATUS[status], message=said)


# Asking --------------------------------------------------------------------------------------


def _observed(example: Example, subject: BackendSubject) -> Observation:
    """The backend's answer, read exactly, without a look at what is right."""
    if example.earlier:
        return last_of(_session(example, subject), example)
    told = subject.description["methods"][example.method]
    random = None
    if told["randomness"] == "injected":
        random = randomness(example, subject.dtype, example.method)
    asked = request(example, subject.dtype)
    reply = subject.supervisor.evaluate(example.method, asked, dict(example.params), random, 0)
    return _read(example, reply, told)


def _session(example: Example, subject: BackendSubject) -> Steps:
    """A session that reads its replies without a look at what is right."""
    told = subject.description["methods"][example.method]
    found = subject.session(example)
    found.observe = lambda example, reply: _read(example, reply, told)
    return found


def _read(example: Example, reply: Reply, told: Offer) -> Observation:
    if reply.status is Status.OK:
        return answered(example, reply, told)
    exact = exact_jacobian(example)
    return Observation(example, exact, {}, str(reply.status), reply.message, facts=facts_of(reply))

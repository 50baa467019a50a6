"""The jobs: law × method × dtype × parameters; the one generator of checks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from mtl_reference import METHODS
from properties.claims import SHEETS, holding
from properties.inputs import grid
from properties.job import (
    DTYPES,
    PROFILES,
    ROUNDLESS,
    ExampleRecord,
    Failure,
    Job,
    JobRecord,
    Profile,
    judged,
    weak,
)
from properties.laws import LAWS, Law
from properties.running import examine, run

__all__ = [
    "DTYPES",
    "PROFILES",
    "ExampleRecord",
    "Failure",
    "Job",
    "JobRecord",
    "Profile",
    "examine",
    "jobs",
    "judged",
    "run",
    "weak",
]


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
    wanted = laws is None or law.id in laws
    keeps = bool(offer.get("stateful")) or not law.steps
    return judged and known and wanted and keeps and set(law.needs) <= set(outputs)


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
    asked = [dtype for dtype in declared if dtype in wanted]
    if base.law in ROUNDLESS and PROFILES[base.profile].lean:
        asked = asked[:1]
    for dtype in asked:
        for place, params in enumerate(grid(base.method, names, base.law)):
            main = place < SHEETS[base.method].main
            for block in range(blocks if main else max(1, blocks // 2)):
                first = dtype == declared[0]
                job = replace(base, dtype=dtype, params=params, block=block, first=first)
                if job.setting.claims():
                    yield job


def _answers_to(job: Job, randomness: str) -> bool:
    """Whether a backend with this kind of randomness can be asked under the law.

    PCGrad's orders leave something to compare without being told: two tasks have one order.
    """
    law, drawn = LAWS[job.law], METHODS[job.method].randomness
    if not drawn:
        return law.random != "drawn"
    if job.law == "deterministic":
        return randomness != "uncontrolled"
    if law.random != "any":
        return (randomness == "injected") == (law.random == "injected")
    return randomness == "injected" or not law.replays or "orders" in drawn

"""Is a certificate what it says? Its schema, digests, recomputed verdicts, artifact, signature.

Each check ends as "ok", "failed", "unchecked" (something is missing that it needs) or "absent"
(there is nothing here to check it against, and nobody promised that there would be).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Any, final

from conformance import campaign, certificate, expected, journal, signing, suite
from conformance.backend import BackendSpec, resolve
from conformance.document import DocumentError, breach, clipped, content, read
from conformance.expected import Expectation
from conformance.results import Results
from conformance.results import read as read_results
from conformance.verdict import Standing

Line = Mapping[str, Any]
MOST = 3  # differences that are told


class Status(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, how it ended, and what was seen, in words."""

    name: str
    status: Status
    message: str


@final
@dataclass(frozen=True, slots=True)
class Verification:
    """What was seen of one certificate."""

    statement: Line | None
    checks: Sequence[Check]
    results: Results | None = None

    @property
    def failed(self) -> bool:
        """Whether a check failed."""
        return any(check.status is Status.FAILED for check in self.checks)

    @property
    def verified(self) -> bool:
        """Whether every check that had to be made was, and none failed."""
        return not any(check.status in {Status.FAILED, Status.UNCHECKED} for check in self.checks)


@dataclass(slots=True)
class _Notes:
    """The checks so far."""

    checks: list[Check] = field(default_factory=list)

    def write(self, name: str, faults: Iterable[str], good: str) -> bool:
        """Note a check by its faults, the first few of them; whether there were none."""
        told = list(islice(faults, MOST))
        self.add(name, Status.FAILED if told else Status.OK, "; ".join(told) or good)
        return not told

    def add(self, name: str, status: Status, message: str) -> None:
        """Note how a check ended."""
        self.checks.append(Check(name, status, message))


def verified(
    path: Path, *, key: Path | None = None, backend: BackendSpec | None = None
) -> Verification:
    """Check a certificate: its file, the folder that holds it, or an envelope around it.

    ``key`` is the public key that must have signed it; ``backend`` the artifact to hold its
    subject against (the one whose name the results bear). DocumentError where there is no JSON,
    SigningError where the key is none.
    """
    if key is not None:
        signing.public(key)
    place = path / certificate.FILE if path.is_dir() else path
    document, notes = read(place), _Notes()
    envelope = place.with_name(certificate.ENVELOPE)
    if isinstance(document, dict) and "payloadType" in document:
        document, envelope = _inside(place, notes), place
    fault = breach(document, "certificate")
    kept = notes.write("schema", [fault] if fault else [], "the statement keeps its schema")
    if not kept or not isinstance(document, dict):
        return Verification(None, notes.checks)
    results = _results(place.parent / journal.RESULTS, document["predicate"], notes)
    if results is not None:
        _recomputed(document, results, notes)
    _artifact(document["subject"][0], results, backend, notes)
    _signature(place, envelope, key, notes)
    return Verification(document, notes.checks, results)


def _inside(place: Path, notes: _Notes) -> Any:  # noqa: ANN401  (any JSON value)
    """The statement in an envelope."""
    try:
        return json.loads(signing.payload(place))
    except (ValueError, RecursionError) as error:
        notes.add("envelope", Status.FAILED, clipped(str(error)))
        return None


# The results ----------------------------------------------------------------------------------


def _results(path: Path, predicate: Line, notes: _Notes) -> Results | None:
    """The results beside the certificate, if they are the ones that it means and can be read."""
    if not path.is_file():
        notes.add("results", Status.UNCHECKED, f"{path.name} is not beside the certificate")
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    same = f"sha256:{digest}" == predicate["results"]
    faults = [] if same else [f"{path.name} is not the one that the certificate names"]
    if not notes.write("results", faults, f"{path.name} has the digest that is named"):
        return None
    try:
        return read_results(path)
    except (ValueError, RecursionError) as error:
        notes.add("lines", Status.FAILED, clipped(str(error)))
        return None


# The statement against the results ------------------------------------------------------------


def _recomputed(statement: Line, results: Results, notes: _Notes) -> None:
    """Fold the lines again, and hold header, verdicts and counts against the statement."""
    predicate, header = statement["predicate"], results.header
    notes.write("header", _headed(statement, header), "the results are of this run")
    if results.footer is None:
        notes.add("verdicts", Status.UNCHECKED, "the run is partial: its results have no footer")
        return
    try:
        faults = list(_differences(predicate, results))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        faults = [f"the lines cannot be folded ({type(error).__name__}: {clipped(str(error))})"]
    if faults and header["suite"]["digest"] != suite.digest():
        told = f"made by another suite ({header['suite']['version']}): {faults[0]}"
        notes.add("verdicts", Status.UNCHECKED, told)
        return
    verdicts = [facts["verdict"] for facts in predicate["methods"].values()]
    judged = sum(verdict != Standing.UNSUPPORTED for verdict in verdicts)
    good = f"{len(results.jobs)} jobs folded again give the verdicts of {judged} methods"
    notes.write("verdicts", faults, good)


def _headed(statement: Line, header: Line) -> Iterator[str]:
    predicate = statement["predicate"]
    for name in ("suite", "profile", "seed", "environment"):
        if header[name] != predicate[name]:
            yield f"{name}: {_told(predicate[name])}, but the results say {_told(header[name])}"
    artifact = f"sha256:{statement['subject'][0]['digest']['sha256']}"
    if header["artifact"] != artifact:
        yield f"subject: {artifact}, but the results say {header['artifact']}"
    listed = expected.digest(expectations(statement))
    if header["selection"].get("expected") != listed:
        yield "expected: not the list of expected failures that the results were made with"


def expectations(statement: Line) -> tuple[Expectation, ...]:
    """The expected failures that a certificate honours."""
    entries = statement["predicate"]["expected"]
    names = ("id", "kind", "reason", "issue")
    return tuple(Expectation(*(each[name] for name in names)) for each in entries)


def _differences(predicate: Line, results: Results) -> Iterator[str]:
    """What the lines do not bear out."""
    header, plan, footer = results.header, results.plan, results.footer or {}
    methods = campaign.folded(
        header["describe"], plan, results.jobs, header["selection"].get("methods")
    )
    records = {name: result.record() for name, result in methods.items()}
    totals = certificate.totals(methods.values())
    lines = sum(map(len, results.jobs.values()))
    yield from _unlike("methods", predicate["methods"], json.loads(json.dumps(records)))
    yield from _unlike("totals", predicate["totals"], totals)
    yield from _unlike("footer/totals", footer["totals"], totals)
    yield from _unlike("footer/jobs", footer["jobs"], len(results.jobs))
    yield from _unlike("footer/lines", footer["lines"], lines)
    entries = [{**each} for each in predicate["expected"]]
    listed = expected.honoured(expectations({"predicate": predicate}), plan)
    yield from _unlike("expected", entries, listed)


def _unlike(place: str, said: Any, found: Any) -> Iterator[str]:  # noqa: ANN401  (any JSON value)
    """The places where two values differ."""
    if isinstance(said, dict) and isinstance(found, dict):
        for name in sorted({*said, *found}):
            yield from _unlike(f"{place}/{name}", said.get(name), found.get(name))
    elif said != found:
        yield f"{place}: {_told(said)}, but the results give {_told(found)}"


def _told(value: Any) -> str:  # noqa: ANN401  (any JSON value)
    return clipped(json.dumps(value, ensure_ascii=False))


# The artifact and the signature ---------------------------------------------------------------


def _artifact(
    subject: Line, results: Results | None, backend: BackendSpec | None, notes: _Notes
) -> None:
    """Hold the subject against the artifact that is installed here, if it is."""
    found = backend or located(results)
    if found is None or (backend is None and found.subject != subject["name"]):
        here = f"; here is {found.subject}" if found else ""
        notes.add("artifact", Status.ABSENT, f"{clipped(subject['name'])} is not here{here}")
        return
    same = found.digest == subject["digest"]["sha256"]
    faults = [] if same else [f"{found.subject} is here with other files than were judged"]
    notes.write("artifact", faults, f"{found.subject} is here, the same file for file")


def located(results: Results | None) -> BackendSpec | None:
    """The backend whose name the results bear, if it is here; it is looked at, never run."""
    if results is not None:
        with suppress(OSError, ValueError, ImportError):
            return resolve(results.header["backend"])
    return None


def _signature(place: Path, envelope: Path, key: Path | None, notes: _Notes) -> None:
    """See that the envelope holds this very certificate, and that the key signed it."""
    if not envelope.is_file():
        status = Status.ABSENT if key is None else Status.FAILED
        notes.add("signature", status, f"there is no {envelope.name}")
        return
    try:
        if place != envelope and signing.payload(envelope) != content(place):
            message = f"{envelope.name} holds another certificate than the one beside it"
            raise signing.SigningError(message)  # noqa: TRY301  (told like every other fault)
        told = "give --key to see who signed it"
        if key is not None:
            told = f"signed by {key.name} ({signing.verify(envelope, key)[:12]})"
    except (DocumentError, signing.SigningError) as error:
        notes.add("signature", Status.FAILED, str(error))
        return
    status = Status.ABSENT if key is None else Status.OK
    notes.add("signature", status, f"{envelope.name} holds this certificate; {told}")

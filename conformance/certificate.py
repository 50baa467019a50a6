"""A run's certificate: an in-toto statement about the artifact that was judged."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from conformance import suite
from conformance.backend import BackendSpec
from conformance.document import breach, checked
from conformance.verdict import BARRED, MethodResult, Standing, Verdict

FILE, ENVELOPE = "certificate.json", "certificate.dsse.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:mtl-reference:certificate:v1"


@final
@dataclass(frozen=True, slots=True)
class Certificate:
    """What was found of a backend: the statement, as certificate.json holds it."""

    statement: Mapping[str, Any]

    @property
    def methods(self) -> Mapping[str, Mapping[str, Any]]:
        """Each method's verdict, grade, worst errors, laws and reasons."""
        found: Mapping[str, Mapping[str, Any]] = self.statement["predicate"]["methods"]
        return found

    @property
    def certified(self) -> bool:
        """Whether every selected method that the backend supports is certified, and one is."""
        verdicts = {method["verdict"] for method in self.methods.values()}
        return verdicts - {str(Standing.UNSUPPORTED)} == {str(Standing.CERTIFIED)}

    @property
    def excused(self) -> bool:
        """Whether whatever keeps a method from being certified was expected, and nothing else."""
        surprised = self.statement["predicate"]["totals"].get(str(Verdict.XPASS), 0)
        return not surprised and all(map(self.excuses, self.methods))

    def excuses(self, method: str) -> bool:
        """Whether a method is certified, or nothing but expected failures keep it from that.

        A gating law without a pass is excused where an expected failure speaks of it.
        """
        facts = self.methods[method]
        if facts["verdict"] != Standing.NOT_CERTIFIED:
            return True
        entries = self.statement["predicate"]["expected"]
        named = (law.partition("/") for entry in entries for law in entry["laws"])
        touched = {law for name, _, law in named if name == method}
        return bool(touched) and not any(
            _broken(each) or not (each["counts"].get(Verdict.PASS) or law in touched)
            for law, each in facts["laws"].items()
            if each["gates"]
        )

    def write(self, folder: Path) -> Path:
        """Write certificate.json; ValueError if the statement breaks its own schema.

        An envelope around an earlier certificate goes.
        """
        if fault := breach(dict(self.statement), "certificate"):
            message = f"the certificate breaks its schema: {fault}"
            raise ValueError(message)
        path = folder / FILE
        draft = path.with_suffix(".draft")
        text = json.dumps(self.statement, indent=2, ensure_ascii=False, allow_nan=False)
        draft.write_text(text + "\n", encoding="utf-8")
        (folder / ENVELOPE).unlink(missing_ok=True)
        draft.replace(path)
        return path

    @classmethod
    def load(cls, path: Path) -> "Certificate":
        """Read a certificate from its file, or from the folder that holds it.

        DocumentError where the file cannot be read, or is no certificate by its schema.
        """
        return cls(checked(path / FILE if path.is_dir() else path, "certificate"))


def _broken(law: Mapping[str, Any]) -> bool:
    """Whether a law met what no expected failure excuses."""
    graver = (*BARRED, Verdict.REFUSED)
    return law["verdict"] in graver or any(law["counts"].get(verdict) for verdict in graver)


def certificate(
    spec: BackendSpec,
    header: Mapping[str, Any],
    methods: Mapping[str, MethodResult],
    results: Path,
    limits: str,
    expected: Sequence[Mapping[str, Any]] = (),
) -> Certificate:
    """The statement: who was judged by what, what was found, and what was not tested.

    ``expected`` are the expected failures that were honoured.
    """
    digest = hashlib.sha256(results.read_bytes()).hexdigest()
    predicate = {
        "suite": header["suite"],
        "reference": suite.engine(),
        "profile": header["profile"],
        "seed": header["seed"],
        "environment": header["environment"],
        "methods": {name: result.record() for name, result in sorted(methods.items())},
        "totals": totals(methods.values()),
        "expected": [dict(entry) for entry in expected],
        "limits": limits,
        "results": f"sha256:{digest}",
    }
    return Certificate(
        {
            "_type": STATEMENT,
            "subject": [{"name": spec.subject, "digest": {"sha256": spec.digest}}],
            "predicateType": PREDICATE,
            "predicate": predicate,
        }
    )


def totals(methods: Any) -> dict[str, int]:  # noqa: ANN401  (an iterable of results)
    """Counts of all verdicts, those that a reader looks for first even where they are zero."""
    counts = Counter({"pass": 0, "fail": 0, "undecided": 0, "not-run": 0})
    for method in methods:
        for law in method.laws.values():
            counts.update(law.counts)
    return dict(sorted(counts.items()))


def limits(selection: Mapping[str, Sequence[str] | None], profile: str, seed: int) -> str:
    """What was not tested, in words."""
    drawn = f"The search drew the fixed number of examples of the profile {profile}, seed {seed}"
    parts = [f"{drawn}; inputs that it did not draw were not tested."]
    for noun, names in selection.items():
        if names is not None:
            parts.append(f"Of the {noun} only {', '.join(names)} were selected.")
    parts.append(
        "Speed, memory, other devices and stateful use over several steps were not judged."
    )
    return " ".join(parts)

"""A recorded failure run again: the same input, the same law, the verdict then and now."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import case as case_file
from conformance import failures, in_training, vectors
from conformance.backend import BackendSpec, resolve
from conformance.host import explain
from conformance.registry import BACKENDS
from conformance.subject import BackendSubject
from conformance.supervisor import Supervisor
from properties.checks import examine
from properties.example import Example, Observation, Ruling
from properties.laws import LAWS


@dataclass(frozen=True, slots=True)
class Reproduction:
    """What a recorded failure does now; ``same`` if the verdict is the recorded one."""

    same: bool
    verdict: str
    message: str
    recorded: str
    observed: Mapping[str, Any]


def reproduce(case: Path | str, backend: BackendSpec | None = None) -> Reproduction:
    """Run a case.json (or the folder that holds it) again, on its own backend or another.

    ValueError where the file is no case; BrokenBackendError where the backend cannot be asked.
    """
    path = Path(case)
    document = case_file.read(path)
    folder = path if path.is_dir() else path.parent
    spec = backend or _spec(document["backend"])
    example = case_file.example_of(document)
    with Supervisor(spec) as supervisor:
        subject = BackendSubject(supervisor, supervisor.describe(), document["dtype"])
        ruling, seen = _ruled(document["law"], example, subject, path)
    recorded = case_file.recorded(folder)
    return Reproduction(
        ruling.verdict == recorded,
        ruling.verdict,
        ruling.message,
        recorded,
        {"observed": [failures.seen(each) for each in seen], **_figures(ruling)},
    )


def _ruled(
    law: str, example: Example, subject: BackendSubject, path: Path
) -> tuple[Ruling, tuple[Observation, ...]]:
    """The ruling on a case: by its vector where it is one, else by its law.

    ValueError where the case lacks what the law needs beside inputs, or has it in another form.
    """
    try:
        if law in vectors.LAWS:
            return vectors.reexamined(example, subject.dtype, subject)
        return examine(LAWS["accuracy" if law == in_training.LAW else law], example, subject)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        message = f"{path}: the law {law} cannot be asked of this input ({explain(error)})"
        raise ValueError(message) from error


def _figures(ruling: Ruling) -> dict[str, Any]:
    return {"scaled_error": ruling.scaled_error, "relative_error": ruling.relative_error}


def _spec(backend: Mapping[str, Any]) -> BackendSpec:
    """The backend of a case: by its name where that still resolves, else by its command."""
    name = backend["name"]
    if name.partition("@")[0] in BACKENDS or ":" in name:
        try:
            return resolve(name)
        except ValueError:
            pass
    return BackendSpec(name, tuple(backend["command"]), f"pkg:generic/{name}", "", ())

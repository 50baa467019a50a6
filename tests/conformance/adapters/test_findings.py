"""Every case of docs/findings is still seen in the version of the library that it was found in."""

import hashlib
import json
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from conformance import failures
from conformance.backend import resolve
from conformance.case import example_of, read
from conformance.registry import BACKENDS
from conformance.schemas import validator
from conformance.subject import BackendSubject
from conformance.supervisor import Supervisor
from mtl_reference import METHODS
from properties.checks import examine
from properties.laws import LAWS

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "docs" / "findings"
PAGE = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")
CASES = sorted(FOLDER.glob("*.json"))
LIBRARIES = sorted({json.loads(case.read_text())["backend"]["name"] for case in CASES})


@pytest.fixture(scope="module", params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Iterator[Supervisor]:
    """A library of the version that the page names, in one child process; else skipped."""
    name = BACKENDS[request.param].library or ""
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        pytest.skip(f"{name} is not installed: pip install 'mtl-reference[peers]'")
    if f"{name} {version}" not in PAGE:
        pytest.skip(f"docs/findings.md is not about {name} {version}")
    with Supervisor(resolve(request.param), timeout=5) as supervisor:  # one of them never ends
        yield supervisor


def cases(name: str) -> list[tuple[str, dict[str, Any]]]:
    """The cases of one library, by the names of their files."""
    read = ((case.stem, json.loads(case.read_text())) for case in CASES)
    return [(stem, case) for stem, case in read if case["backend"]["name"] == name]


def test_every_finding_is_seen(library: Supervisor) -> None:
    """Each case fails its law, now as when it was written down."""
    described = library.describe()
    seen = {}
    for stem, case in cases(library.spec.name):
        subject = BackendSubject(library, described, case["dtype"])
        ruling, _ = examine(LAWS[case["law"]], example_of(case), subject)
        seen[stem] = ruling.verdict in failures.GRAVE
    assert [stem for stem, failed in seen.items() if not failed] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_the_page_tells_of_every_case(case: Path) -> None:
    """Each case is named on the page, and is about a method and a law that there are."""
    document = read(case)
    assert f"findings/{case.name}" in PAGE
    assert document["id"] == hashlib.sha256(case.stem.encode()).hexdigest()[:16]
    validator("case").validate(document)
    assert document["method"] in METHODS
    assert document["law"] in LAWS

"""Verification: every way to make a certificate say something else is noticed."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance import campaign, journal, signing
from conformance.backend import BackendSpec, resolve
from conformance.campaign import Options
from conformance.certificate import ENVELOPE, FILE
from conformance.cli import main
from conformance.cli.trouble import Exit
from conformance.report import badge, write_own
from conformance.rerun import RerunRefusedError, rerun
from conformance.schemas import validator
from conformance.verification import Status, verified

SOURCE = Path(__file__).parent / "half_wrong.py"


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> BackendSpec:
    """The half-wrong backend, in a file of its own."""
    place = tmp_path_factory.mktemp("backend")
    return resolve(f"{shutil.copy(SOURCE, place)}:backend")


@pytest.fixture(scope="module")
def finished(spec: BackendSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished, signed run; the key lies in it."""
    out = tmp_path_factory.mktemp("run")
    signing.create(out / "key")
    laws = ["accuracy", "permutation"]
    campaign.run(spec, Options(out, methods=["mean", "sum"], laws=laws, sign=out / "key"))
    return out


@pytest.fixture
def copied(finished: Path, tmp_path: Path) -> Path:
    """A copy of the run without its signature, to be spoiled."""
    place = tmp_path / "run"
    shutil.copytree(finished, place)
    (place / ENVELOPE).unlink()
    return place


def statuses(place: Path, **options: Any) -> dict[str, Status]:  # noqa: ANN401  (of `verified`)
    """How each check of a certificate ended."""
    return {check.name: check.status for check in verified(place, **options).checks}


def rewritten(place: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a certificate."""
    statement = json.loads((place / FILE).read_text())
    change(statement["predicate"])
    (place / FILE).write_text(json.dumps(statement))


def forged(place: Path, old: bytes, new: bytes) -> None:
    """Change the results, and name their new digest in the certificate."""
    path = place / journal.RESULTS
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new, 1))
    digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    rewritten(place, lambda predicate: predicate.update(results=digest))


def test_a_certificate_verifies(finished: Path, spec: BackendSpec) -> None:
    """From its folder, its file, or its envelope; with the artifact and the key at hand."""
    for path in (finished, finished / FILE, finished / ENVELOPE):
        found = verified(path, key=finished / "key.pub", backend=spec)
        assert {check.status for check in found.checks} == {Status.OK}, found.checks
        assert found.verified


def certify(predicate: dict[str, Any]) -> None:
    """Call the wrong method certified."""
    predicate["methods"]["sum"] |= {"verdict": "certified", "reasons": []}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (certify, "verdicts"),
        (lambda p: p["methods"]["mean"].update(worst_scaled_error=0.0), "verdicts"),
        (lambda p: p["methods"]["sum"]["laws"].pop("accuracy"), "verdicts"),
        (lambda p: p["methods"].update(mgda=p["methods"]["mean"]), "verdicts"),
        (lambda p: p["totals"].update(fail=0), "verdicts"),
        (lambda p: p.update(seed=1), "header"),
        (lambda p: p["environment"].update(os="plan9"), "header"),
        (lambda p: p["expected"].append({"id": "sum/*", "kind": "xfail", "reason": "r",
                                         "issue": "", "matched": 1, "laws": ["sum/accuracy"]}),
         "header"),
        (lambda p: p.update(results="sha256:" + "0" * 64), "results"),
        (lambda p: p.update(more=1), "schema"),
    ],
)  # fmt: skip
def test_a_changed_statement_is_noticed(
    copied: Path, change: Callable[[dict[str, Any]], object], check: str
) -> None:
    """Whatever was changed, the check that is about it fails, and no badge is made."""
    rewritten(copied, change)
    assert statuses(copied)[check] is Status.FAILED
    assert badge.document(verified(copied)) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"verdict":"fail"', b'"verdict":"pass"'),
        (b'"law":"accuracy"', b'"law":"permutation"'),
        (b'"block":0', b'"block":1'),
        (b'"jobs":', b'"jobs":1'),
        (b'"index":0', b'"index":"0"'),
        (b'{"artifact"', b'{"record":"header"}\n{"artifact"'),
        (b"{", b""),
        (b'"mean"', b'"\\ud800"'),
    ],
)
def test_forged_results_are_noticed(copied: Path, old: bytes, new: bytes) -> None:
    """Although the certificate names the digest of the forged ones."""
    forged(copied, old, new)
    found = verified(copied)
    assert found.failed
    assert not found.verified


def test_what_is_missing_is_not_verified(copied: Path) -> None:
    """Without a footer, or without results, nothing is wrong and nothing is shown: exit 3."""
    lines = (copied / journal.RESULTS).read_bytes().splitlines(keepends=True)
    forged(copied, lines[-1], b"")
    assert statuses(copied)["verdicts"] is Status.UNCHECKED
    (copied / journal.RESULTS).unlink()
    assert statuses(copied)["results"] is Status.UNCHECKED
    assert main(["verify", str(copied)]) == Exit.BROKEN


def test_another_artifact_is_noticed(copied: Path, spec: BackendSpec, tmp_path: Path) -> None:
    """A file that was changed since; a backend of another name says nothing."""
    assert statuses(copied, backend=spec)["artifact"] is Status.OK
    assert statuses(copied)["artifact"] is Status.ABSENT
    changed = tmp_path / SOURCE.name
    changed.write_text(SOURCE.read_text() + "\n")
    assert statuses(copied, backend=resolve(f"{changed}:backend"))["artifact"] is Status.FAILED


def test_signatures_are_held_against_the_certificate(finished: Path, copied: Path) -> None:
    """A missing envelope, one around another certificate, another key."""
    key = finished / "key.pub"
    assert statuses(copied)["signature"] is Status.ABSENT
    assert statuses(copied, key=key)["signature"] is Status.FAILED
    shutil.copy(finished / ENVELOPE, copied)
    assert statuses(copied, key=key)["signature"] is Status.OK
    (copied / FILE).write_text((copied / FILE).read_text() + " ")
    assert statuses(copied)["signature"] is Status.FAILED
    signing.create(copied / "other")
    assert statuses(finished, key=copied / "other.pub")["signature"] is Status.FAILED


def test_cases_come_out_the_same_again(
    finished: Path, copied: Path, spec: BackendSpec, capsys: pytest.CaptureFixture[str]
) -> None:
    """Byte for byte; results that were made up are found out even where they fold well."""
    words = ["--rerun", "9", "--backend", spec.argv[-1], "--json"]
    assert main(["verify", str(finished), *words]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    validator("verification").validate(told)
    assert (told["verified"], [each["same"] for each in told["rerun"]]) == (True, [True] * 6)
    lines = (copied / journal.RESULTS).read_bytes().splitlines()
    line = next(line for line in lines if b'"record":"verdict"' in line)
    forged(copied, line, line.replace(b'"message":"', b'"message":"made up', 1))
    assert statuses(copied)["verdicts"] is Status.OK
    assert main(["verify", str(copied), *words]) == Exit.NOT_CERTIFIED
    assert "line 1 differs in message" in capsys.readouterr().out


def test_a_certificate_names_no_program_to_run(
    finished: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a bundled backend is run on its word; any other has to be named by the user."""
    assert main(["verify", str(finished), "--rerun", "1"]) == Exit.USAGE
    assert "Name it with --backend" in capsys.readouterr().err


def test_only_what_was_judged_is_run_again(finished: Path) -> None:
    """Another artifact is refused."""
    other = resolve("reference")
    with pytest.raises(RerunRefusedError, match="the artifact here"):
        list(rerun(verified(finished), other, 1, seed=0, limits={}))


@pytest.mark.parametrize("text", ["", "{", "[1e999]", "NaN", "[" * 10**5, '"\\ud800"', "\xff"])
def test_what_is_no_certificate_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Exit 2 and one sentence for what cannot be read at all, by ``verify`` and by ``diff``."""
    file = tmp_path / FILE
    file.write_bytes(text.encode("latin-1"))
    for words in (["verify", str(tmp_path)], ["diff", str(tmp_path), str(tmp_path)]):
        assert main(words) == Exit.USAGE
        assert capsys.readouterr().err.count("\n") == 1


def test_the_badge_is_of_a_verified_certificate(copied: Path) -> None:
    """It says what is certified; a certificate that was changed loses it."""
    assert [path.name for path in write_own(copied)] == ["junit.xml", "ctrf.json", badge.FILE]
    assert json.loads((copied / badge.FILE).read_text())["message"] == "1 of 2 certified"
    rewritten(copied, certify)
    write_own(copied)
    assert not (copied / badge.FILE).exists()

"""The certificate: an in-toto statement that its schema holds to account."""

import hashlib
from pathlib import Path

import pytest

from conformance import certificate
from conformance.backend import BackendSpec
from conformance.certificate import Certificate
from conformance.verdict import MethodResult, Standing

SPEC = BackendSpec("one", ("one",), "pkg:generic/one", "0" * 64, ())
HEADER = {
    "suite": {"version": "1", "digest": f"sha256:{'1' * 64}"},
    "profile": "quick",
    "seed": 0,
    "environment": {"os": "linux"},
}


def made(folder: Path, **standings: Standing) -> Certificate:
    """A certificate of methods with these standings."""
    results = folder / "results.jsonl"
    results.write_bytes(b"lines\n")
    methods = {name: MethodResult(name, standing) for name, standing in standings.items()}
    return certificate.certificate(SPEC, HEADER, methods, results, "limits")


def test_it_survives_its_file(tmp_path: Path) -> None:
    """What is written is valid, and read back the same."""
    found = made(tmp_path, mean=Standing.CERTIFIED)
    found.write(tmp_path)
    assert Certificate.load(tmp_path) == found


def test_it_names_the_artifact_and_the_results(tmp_path: Path) -> None:
    """The subject is the harness's digest; results are named by theirs."""
    statement = made(tmp_path, mean=Standing.CERTIFIED).statement
    assert statement["subject"] == [{"name": SPEC.subject, "digest": {"sha256": SPEC.digest}}]
    digest = hashlib.sha256(b"lines\n").hexdigest()
    assert statement["predicate"]["results"] == f"sha256:{digest}"


def test_unsupported_methods_neither_help_nor_harm(tmp_path: Path) -> None:
    """All supported methods, and at least one, must be certified."""
    right, none, partial = Standing.CERTIFIED, Standing.UNSUPPORTED, Standing.PARTIAL
    assert made(tmp_path, mean=right, sum=none).certified
    assert not made(tmp_path, mean=none).certified
    assert not made(tmp_path, mean=right, sum=partial).certified


def test_a_broken_statement_is_not_written(tmp_path: Path) -> None:
    """A certificate that breaks its schema is an error that names the place."""
    found = made(tmp_path, mean=Standing.CERTIFIED)
    found.statement["predicate"]["seed"] = -1
    with pytest.raises(ValueError, match="predicate/seed"):
        found.write(tmp_path)
    assert not (tmp_path / certificate.FILE).exists()

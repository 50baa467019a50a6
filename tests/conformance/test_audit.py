"""The command ``audit`` and the page that it makes."""

import json
from pathlib import Path

import pytest

from conformance.audit import markdown
from conformance.cli.entry import main
from conformance.schemas import validator

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_keeps_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """``audit --json`` prints one document of the schema, and exits 0: findings are results."""
    assert main(["audit", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    validator("audit").validate(document)
    assert {table["id"] for table in document["tables"]} >= {"gradops-1", "cagrad-1", "recon-16"}


def test_one_table_shows_its_arithmetic(capsys: pytest.CaptureFixture[str]) -> None:
    """``audit recon-15`` names the cell that nothing explains, with what was expected."""
    assert main(["audit", "recon-15"]) == 0
    shown = capsys.readouterr().out
    assert "5.60" in shown
    assert "[5.2759, 5.3278]" in shown


def test_an_unknown_table_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A table that is not there is a usage error that names those near it."""
    assert main(["audit", "recon-17"]) == 2
    assert "recon-1" in capsys.readouterr().err


def test_the_page_is_fresh() -> None:
    """docs/audit.md is what the audit finds now (``mtl-conformance audit --markdown``)."""
    assert (ROOT / "docs/audit.md").read_text("utf-8") == markdown()

"""The page of theorems and claims, and how claims are told."""

import json
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.papers_theorems import PRINTED
from conformance.theorems import SUBJECTS, markdown, plain
from properties.claims import CLAIMS
from properties.proofs import INDEX, standing

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_fresh() -> None:
    """docs/theorems.md is what the claims and theorems say (``claims --markdown``)."""
    assert (ROOT / "docs/theorems.md").read_text("utf-8") == markdown()


def test_formulas_survive_markdown() -> None:
    """Angle brackets and bars are text, in a table too."""
    assert plain("<g_i, d> >= |d|^2") == r"&lt;g_i, d&gt; &gt;= \|d\|^2"


def test_every_claim_has_one_standing() -> None:
    """Proved claims hold, refuted ones carry their counterexample."""
    for claim in CLAIMS:
        word, theorems = standing(claim)
        assert (word == "proved") == bool(theorems)
        assert word not in {"proved", "searched"} or claim.status == "holds"
        assert word != "refuted" or claim.counterexample is not None


def test_claims_are_filtered_by_standing(capsys: pytest.CaptureFixture[str]) -> None:
    """``--status proved`` gives each claim its theorems; ``holds`` both kinds."""
    asked = ["claims", "--method", "mgda", "--kind", "claim"]
    assert main([*asked, "--status", "proved", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["law"] for each in found} >= {"mgda-kkt", "mgda-gap", "non-conflict"}
    assert all(entry["id"] in INDEX for each in found for entry in each["theorems"])
    assert main([*asked, "--status", "holds", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > len(found)


def test_claims_are_filtered_by_source_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """``--source`` takes a part of it in any case; conjectures and errata are of a kind."""
    assert main(["claims", "--source", "yu et al.", "--kind", "erratum", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in found} >= {"E-PCG-1", "E-PCG-2"}
    assert main(["claims", "--method", "upgrad", "--status", "conjecture", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["kind"] for each in found} == {"conjecture"}
    assert all("upgrad" in each["methods"] for each in found)


def test_the_table_keeps_within_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long statements wrap; why what is searched has no proof stands below."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["claims", "--method", "gradvac"]) == 0
    told = capsys.readouterr().out
    assert max(map(len, told.splitlines())) <= 80
    assert "Not proved (shape, deterministic" in told


def test_the_page_names_theorems_that_there_are() -> None:
    """The papers' table links to the index; every file of proofs has a heading."""
    assert {name for each in PRINTED for name in each.theorems} <= set(INDEX)
    files = {entry.file.rpartition("/")[2].removesuffix(".py") for entry in INDEX.values()}
    assert files == set(SUBJECTS)
    text = (ROOT / "docs/theorems.md").read_text("utf-8")
    assert [name for name in INDEX if f"#### {name}\n" not in text] == []

"""The page of theorems and claims, and how claims are told."""

import json
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.theorems import markdown, plain
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
    assert main(["claims", "--method", "mgda", "--status", "proved", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["law"] for each in found} >= {"mgda-kkt", "mgda-gap", "non-conflict"}
    assert all(entry["id"] in INDEX for each in found for entry in each["theorems"])
    assert main(["claims", "--method", "mgda", "--status", "holds", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) > len(found)

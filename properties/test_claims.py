"""The table of claims, run both ways on the exact reference, with no tolerance."""

from itertools import product

import pytest

from mtl_reference import METHODS
from properties.checks import examine
from properties.claims import CLAIMS, SHEETS, STATUSES, Claim, Params, claims_of
from properties.generation import draw
from properties.inputs import Setting, examples
from properties.laws import LAWS
from properties.reference_subject import ReferenceSubject

REFERENCE = ReferenceSubject()
EXAMPLES, FEWER = 12, 4  # of the main parameters of a method, and of the others
FAILING = [claim for claim in CLAIMS if claim.status == "fails"]
SETTINGS = [
    setting
    for method, law in product(METHODS, LAWS)
    for params in SHEETS[method].grid
    if not LAWS[law].drawn  # of random backends; the exact reference is given its randomness
    for setting in [Setting(method, law, params, floats=False)]
    if setting.claims()
]


def _shown(params: Params) -> str:
    return ",".join(f"{name}={value}" for name, value in params.items())


@pytest.mark.parametrize("method", METHODS)
def test_every_law_has_a_row_for_every_method(method: str) -> None:
    """No method is silent about a law, and a law outside its domain says so alone."""
    for law in LAWS:
        rows = claims_of(method, law)
        statuses = {row.status for row in rows}
        assert rows
        assert statuses <= set(STATUSES)
        assert all(row.source and row.when for row in rows)
        assert "not-applicable" not in statuses or len(rows) == 1


@pytest.mark.parametrize(
    "setting", SETTINGS, ids=lambda s: f"{s.method}/{s.law}/{_shown(s.params)}"
)
def test_what_holds_is_not_broken(setting: Setting) -> None:
    """A law that is claimed to hold survives a search over its families."""
    law = LAWS[setting.law]
    verdicts = []
    main = SHEETS[setting.method].grid[: SHEETS[setting.method].main]
    count = EXAMPLES if setting.params in main else FEWER
    for example in draw(examples(setting), examples=count, number=1):
        ruling, _ = examine(law, example, REFERENCE)
        assert ruling.verdict in {"pass", "skipped"}, f"{ruling.message}: {example}"
        verdicts.append(ruling.verdict)
    assert verdicts


@pytest.mark.parametrize("law", LAWS)
def test_a_search_says_something(law: str) -> None:
    """Each law that holds somewhere weighs at least one margin of some method."""
    settings = [setting for setting in SETTINGS if setting.law == law]
    assert not settings or any(
        examine(LAWS[law], example, REFERENCE)[0].verdict == "pass"
        for setting in settings
        for example in draw(examples(setting), examples=6, number=2)
    )


@pytest.mark.parametrize("claim", FAILING, ids=lambda c: f"{c.method}/{c.law}")
def test_what_fails_fails(claim: Claim) -> None:
    """A law that is claimed to fail is broken by its pinned counterexample."""
    assert claim.counterexample is not None
    assert claim.predicate(claim.counterexample)
    ruling, _ = examine(LAWS[claim.law], claim.counterexample, REFERENCE)
    assert ruling.verdict == "fail"


@pytest.mark.parametrize("claim", FAILING, ids=lambda c: f"{c.method}/{c.law}")
def test_a_counterexample_lies_where_nothing_is_promised(claim: Claim) -> None:
    """No row that holds speaks of an input that is pinned to fail."""
    assert claim.counterexample is not None
    rows = claims_of(claim.method, claim.law)
    holding = [row for row in rows if row.status == "holds" and not row.families]
    assert not any(row.predicate(claim.counterexample) for row in holding)

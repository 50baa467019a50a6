"""What is said of the methods, in one list: statuses, reasons, smallest counterexamples, cases."""

from dataclasses import replace

import pytest

from properties.claims import CLAIMS, Claim, claims_of
from properties.minimal import ASKED, fails, key, minimality, smaller
from properties.proofs import INDEX, standing
from properties.proofs.reasons import REASONS
from properties.searched import CASES, cases
from properties.searched import key as searched_key
from properties.statements import KINDS, STATUSES, Statement, extent, statements

FOUND = list(statements())
FEW = 40  # smaller matrices that are asked again
MINIMAL = [claim for claim in CLAIMS if claim.status == "fails" and key(claim) in ASKED]


def test_every_statement_has_a_status_and_stands_on_something() -> None:
    """Kinds and statuses are the known ones; sources and grounds are told; names are unique."""
    assert all(one.kind in KINDS and one.status in STATUSES for one in FOUND)
    assert all(one.source and one.ground and one.links and one.file for one in FOUND)
    assert {one.kind for one in FOUND} == set(KINDS)


def test_a_law_that_asks_for_a_proof_has_one() -> None:
    """Every claim that holds under a law marked P is proved; what is only searched says why."""
    from properties.laws import LAWS

    owing = [c for c in CLAIMS if "P" in LAWS[c.law].kinds and standing(c)[0] == "searched"]
    assert owing == []
    assert all(one.reason for one in FOUND if one.status == "searched")
    assert {c.law for c in CLAIMS if standing(c)[0] == "searched"} == set(REASONS)


def test_the_extent_tells_for_which_tasks() -> None:
    """A theorem for every T says so; one for two tasks says no more."""
    told = {one.methods[0]: one.extent for one in FOUND if _is(one, "pcgrad-is-gradops", "holds")}
    assert told == {"gradops": "proved for T = 2", "pcgrad": "proved for T = 2"}
    found = {one.when: one.extent for one in FOUND if one.methods == ("pcgrad_dw",)}
    assert found["T <= 2"] == "proved for T <= 2"  # though a theorem behind it speaks of every T
    assert extent(claims_of("mgda", "mgda-gap")[0]) == "proved for all T"


def _is(one: Statement, law: str, status: str) -> bool:
    return one.claim is not None and one.name == law and one.claim.status == status


def test_searched_claims_are_counted() -> None:
    """The file has a number for each claim that is searched, and for no other."""
    wanted = {searched_key(c) for c in CLAIMS if standing(c)[0] == "searched"}
    drawn = {k for k in wanted if k not in CASES}
    assert set(CASES) <= wanted
    assert all("draws" in k or "uniforms" in k or "orders" in k for k in drawn)
    assert cases(claims_of("mgda", "accuracy")[0]) > FEW


@pytest.mark.parametrize("claim", MINIMAL, ids=[f"{c.method}/{c.law}/{c.when}" for c in MINIMAL])
def test_no_smaller_matrix_is_a_counterexample(claim: Claim) -> None:
    """Where few are smaller, each is asked again, and as many as the file says."""
    if ASKED[key(claim)] <= FEW:
        asked = list(smaller(claim) or ())
        assert len(asked) == ASKED[key(claim)]
        assert not any(fails(claim, example) for example in asked)
    assert minimality(claim).startswith("minimal")


def test_a_larger_counterexample_is_not_minimal() -> None:
    """Twice the smallest one fails as well, and the search finds the smallest."""
    claim = claims_of("mean", "non-conflict")[0]
    assert claim.counterexample is not None
    twice = replace(claim, counterexample=replace(claim.counterexample, rows=((2.0,), (-4.0,))))
    assert minimality(twice) == "smallest found"
    found = smaller(twice)
    assert found is not None
    assert any(fails(twice, example) for example in found)


def test_every_minimal_counterexample_is_pinned() -> None:
    """The file knows no counterexample that is not in the table."""
    assert {key(claim) for claim in MINIMAL} == set(ASKED)


def test_links_of_what_is_proved_are_theorems() -> None:
    """A claim that is proved links to theorems of the index."""
    proved = [one for one in FOUND if one.status == "proved" and one.kind == "claim"]
    assert proved
    assert all(set(one.links) <= set(INDEX) for one in proved)

"""Every theorem is proved by machine, and no longer is with any one hypothesis removed."""

from collections.abc import Iterator
from importlib import resources

import pytest
import z3

from mtl_reference import METHODS
from properties.laws import LAWS
from properties.proofs.index import SECONDS, written
from properties.proofs.theorem import Lemma, Outcome, Theorem, worst
from properties.proofs.theorems import THEOREMS


@pytest.mark.parametrize("theorem", list(THEOREMS.values()), ids=list(THEOREMS))
def test_it_is_proved(theorem: Theorem) -> None:
    """Each lemma has no counterexample; unknown is not proved."""
    findings = theorem.check()
    assert worst(findings) is Outcome.PROVED, findings


def removals() -> Iterator[tuple[Theorem, str]]:
    """Each theorem with each of its hypotheses."""
    for theorem in THEOREMS.values():
        for name in theorem.hypotheses:
            yield theorem, name


@pytest.mark.parametrize(
    ("theorem", "name"),
    list(removals()),
    ids=[f"{each.id}-without-{name}" for each, name in removals()],
)
def test_every_hypothesis_is_needed(theorem: Theorem, name: str) -> None:
    """Without it, a lemma has a counterexample: the proof has teeth."""
    outcomes = [finding.outcome for finding in theorem.check(without=name)]
    assert Outcome.REFUTED in outcomes


@pytest.mark.parametrize("theorem", list(THEOREMS.values()), ids=list(THEOREMS))
def test_hypotheses_are_told_in_words(theorem: Theorem) -> None:
    """The hypotheses of the lemmas are those that the theorem tells, no more and no fewer."""
    used = {name for lemma in theorem.lemmas for name in lemma.hypotheses}
    assert used == set(theorem.hypotheses)


def test_the_index_tells_what_is_proved() -> None:
    """index.json is fresh (``python -m properties.proofs`` writes it)."""
    text = resources.files("properties.proofs").joinpath("index.json").read_text("utf-8")
    assert text == written()
    assert set(SECONDS) == set(THEOREMS)


def test_theorems_speak_of_laws_and_methods_that_there_are() -> None:
    """A theorem's law and method are names of the suite."""
    told = [(law, theorem.id) for theorem in THEOREMS.values() for law in theorem.laws]
    assert [pair for pair in told if pair[0] not in LAWS] == []
    named = [(name, theorem.id) for theorem in THEOREMS.values() for name in theorem.methods]
    assert [pair for pair in named if pair[0] not in METHODS] == []


def test_a_query_that_takes_too_long_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer in time is no proof: Fermat's theorem for cubes stays unknown."""
    monkeypatch.setattr("properties.proofs.theorem.TIMEOUT", 200)
    a, b, c = z3.Ints("a b c")
    hard = Lemma("cubes", {"positive": z3.And(a > 0, b > 0, c > 0)}, a**3 + b**3 != c**3)
    finding = hard.check()
    assert finding.outcome is Outcome.UNKNOWN
    assert worst([finding]) is Outcome.UNKNOWN

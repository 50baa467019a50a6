"""Tests of the self-test: rows are right for the right reason, and wrong when a law sleeps."""

from collections import Counter

import pytest

from conformance import selftest
from conformance.zoo.faults import FAULTS
from conformance.zoo.hostile import HOSTILE


def trial(name: str) -> selftest.Trial:
    """The trial of a backend of the zoo by its name, on the mean or its own method."""
    found = selftest.trials(methods=["mean", "sum"])
    return next(each for each in found if each.backend == name)


def test_trials_cover_the_zoo() -> None:
    """Every faulty and hostile backend is tried once, every sound one on each of its methods."""
    kinds = Counter(each.kind for each in selftest.trials())
    assert kinds["faulty"] == len(FAULTS)
    assert kinds["hostile"] == len(HOSTILE)
    assert {each.backend for each in selftest.trials() if each.kind == "good"} >= {
        "reference",
        "numpy",
    }


def test_a_fault_is_caught_by_the_law_that_it_breaks() -> None:
    """A running mean that halves breaks permutation, and the row says so."""
    row = selftest.attempt(trial("mean_halving"))
    assert row.right
    assert "permutation" in row.caught


def test_a_law_that_misses_its_fault_makes_the_row_wrong() -> None:
    """A sound backend under a fault's name is not caught, and the row tells which law slept."""
    asleep = selftest.Trial("mean_total", "mean", "faulty", "", ("span",), ("span",))
    row = selftest.attempt(asleep)
    assert not row.right
    assert row.message == "span did not catch it"


def test_a_hostile_backend_is_caught_by_its_verdict() -> None:
    """Text on stdout is a protocol violation."""
    row = selftest.attempt(trial("text"))
    assert row.right
    assert row.caught == ("protocol",)


def test_a_sound_backend_is_certified() -> None:
    """The reference keeps every law of the mean."""
    row = selftest.attempt(trial("reference"))
    assert row.right, row.message
    assert row.caught == ()
    assert "homogeneous" in row.passed


def test_a_faulty_backend_is_not_sound() -> None:
    """The rule for sound backends rejects a failing law and a gating law that nothing passed."""
    assert selftest._unsound({"shape": Counter({"fail": 1, "pass": 9})}) == "shape: 1 fail"
    assert "nothing passed" in selftest._unsound({"shape": Counter({"undecided": 2})})
    assert selftest._unsound({"invalid-input": Counter({"fail": 1})}) == ""
    assert selftest._unsound({}) == "no job"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_laws_that_exist(name: str) -> None:
    """What a fault breaks is a gating law."""
    assert all(selftest.LAWS[law].gates for law in FAULTS[name].breaks)

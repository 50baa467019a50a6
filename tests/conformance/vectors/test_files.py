"""The vectors that come with the suite: right, enough, and fatal to every fault of the zoo."""

import numpy as np
import pytest

from conformance.reading import answered, randomness, request
from conformance.reply import Reply, Status
from conformance.tolerance import LIMIT
from conformance.vectors import Vector, of
from conformance.vectors.check import differences
from conformance.vectors.drafting import drafted, mended
from conformance.vectors.judging import clear_error
from conformance.vectors.lint import faults
from conformance.vectors.mistakes import drawing, faults_of, flag_of, kills
from conformance.vectors.record import HERE, VectorFile
from conformance.zoo.faults import FAULTS
from conformance.zoo.transcription import backend
from mtl_reference import METHODS

LEAST = 40
STATISTICAL = {  # each of their answers is admissible: only many together tell
    "graddrop_one_uniform",
    "graddrop_reversed_draws",
    "graddrop_uniform_per_task",
    "pcgrad_fixed_order",
    "random_weighting_frozen",
    "random_weighting_uniform",
}


def gating(method: str) -> list[Vector]:
    """The vectors whose answer is judged."""
    return [each for each in of(method).vectors if each.gates and "any" not in
            each.told.get("set", {})]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_files_are_linted(method: str) -> None:
    """Every file keeps the schema, the canonical form, its ids, and notes each flag."""
    assert list(faults(HERE / f"{method}.json")) == []


@pytest.mark.parametrize("method", METHODS)
def test_there_are_enough(method: str) -> None:
    """At least forty judged vectors a method, none without a flag, none asked twice."""
    found = gating(method)
    assert len(found) >= LEAST
    assert len({repr((each.example, each.dtype)) for each in found}) == len(found)


@pytest.mark.parametrize("method", METHODS)
def test_vectors_are_what_the_reference_says(method: str) -> None:
    """Every answer, bound, margin and condition comes out the same when computed again."""
    assert list(differences(of(method))) == []


@pytest.mark.parametrize("method", METHODS)
def test_every_fault_is_killed(method: str) -> None:
    """Each faulty form of the zoo is wrong on a vector that bears its flag."""
    for fault in faults_of(method):
        flagged = [each for each in of(method).vectors if flag_of(fault) in each.flags]
        assert flagged, f"no vector is there for {fault.name}"
        assert kills(flagged[0], fault), f"{fault.name} survives vector {flagged[0].id}"


def test_only_what_draws_by_itself_is_left_out() -> None:
    """The faults that no frozen case can tell are those that only frequencies tell."""
    assert {name for name, fault in FAULTS.items() if drawing(fault)} == STATISTICAL


def sound(vector: Vector) -> float:
    """The scaled error of the numpy form, in this process."""
    example = vector.example
    asked = request(example, vector.dtype), dict(example.params)
    with np.errstate(all="ignore"):
        try:
            outputs = backend.evaluate(
                vector.method, *asked, randomness(example, vector.dtype, vector.method), 0
            )
        except NotImplementedError:
            return 0.0  # the numpy forms take few tasks only
    reply = Reply(Status.OK, outputs, outputs.dtypes)
    told = backend.describe()["methods"][vector.method]
    return clear_error(vector, answered(example, reply, told))


@pytest.mark.parametrize("method", METHODS)
def test_a_sound_form_passes(method: str) -> None:
    """The numpy transcription is within the bound on every vector of one step."""
    own = [each for each in gating(method) if each.dtype == "float64" and not each.example.earlier]
    errors = {each.id: sound(each) for each in own}
    assert {number: error for number, error in errors.items() if not error <= LIMIT} == {}


@pytest.mark.parametrize("method", METHODS)
def test_drafting_again_adds_nothing(method: str) -> None:
    """The tool leaves a complete file alone."""
    assert drafted(method, of(method)) is of(method)


def test_mending_puts_right_what_is_wrong_alone() -> None:
    """A bound that is not the reference's is written anew; id, question and flags stay."""
    sound = of("uniform")
    first, *others = sound.tests
    wrong = VectorFile("uniform", sound.version, sound.notes, ({**first, "bound": 7.0}, *others))
    assert mended(wrong) == mended(sound) == sound


def test_drafting_is_deterministic_and_never_renumbers() -> None:
    """Two drafts from nothing agree, and a draft from a part keeps that part as it is."""
    whole = drafted("uniform", VectorFile("uniform", "0.0.0"))
    assert whole == drafted("uniform", VectorFile("uniform", "0.0.0"))
    part = VectorFile("uniform", "0.0.0", whole.notes, whole.tests[:1])
    more = drafted("uniform", part, more=1)
    assert more.tests[:1] == part.tests
    assert [test["id"] for test in more.tests] == list(range(1, len(more.tests) + 1))

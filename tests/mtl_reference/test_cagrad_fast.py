"""CAGrad-Fast: the full method, the remainder, its certificate and its branches."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import decide, enclose
from mtl_reference.method import Outputs, Relation
from mtl_reference.rational import Rows

METHOD = METHODS["cagrad_fast"]
FOUR = [(2, 1, 0), (-1, 3, 1), (0, 1, -2), (1, 1, 1)]


def broken(rows: Rows, outputs: Outputs, **given: object) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    found = METHOD.certificate(jacobian(rows), outputs, **given)
    right = {Relation.ZERO: (0,), Relation.NONNEGATIVE: (0, 1)}
    return [each.name for each in found if decide(each.value) not in right[each.relation]]


@pytest.mark.parametrize("c", [0, fmpq(1, 2), 2])
def test_with_every_task_sampled_it_is_cagrad(c: fmpq) -> None:
    """In any order of the sample."""
    full = METHODS["cagrad"].direction(FOUR, c=c).exact
    assert tuple(METHOD.direction(FOUR, sample=(2, 0, 3, 1), c=c).exact) == tuple(full)


def test_with_no_task_sampled_it_is_a_longer_mean() -> None:
    """The remainder is the mean itself: (1 + c) g0."""
    answer = METHOD.direction([(2, 0), (0, 4)], sample=(), c=fmpq(1, 2))
    assert answer.exact == (fmpq(3, 2), fmpq(3))
    assert answer.outputs["weights"] == (fmpq(3, 4), fmpq(3, 4))


def test_a_task_left_out_alone_is_the_remainder() -> None:
    """With T - 1 of the tasks sampled nothing is condensed."""
    full = METHODS["cagrad"].direction(FOUR, c=1).exact
    for left in range(4):
        sample = [task for task in range(4) if task != left]
        assert tuple(METHOD.direction(FOUR, sample=sample, c=1).exact) == tuple(full)


def test_the_remainder_is_the_mean_of_what_is_left_out() -> None:
    """CAGrad of the sampled row and that mean about another g0 would be another answer.

    Rows (1, 0) and, left out, (0, 1), (0, 5): r = (0, 3), g0 = (1, 6) / 3. For c = 0 it is g0.
    """
    rows = [(1, 0), (0, 1), (0, 5)]
    assert METHOD.direction(rows, sample=(0,), c=0).exact == (fmpq(1, 3), fmpq(2))
    outputs = METHOD.direction(rows, sample=(0,), c=fmpq(1, 2)).outputs
    assert broken(rows, outputs, sample=(0,), c=fmpq(1, 2)) == []
    pair = METHODS["cagrad"].direction([(1, 0), (0, 3)], c=fmpq(1, 2)).outputs["direction"]
    assert "the direction lies in the ball" in broken(
        rows, {"direction": pair}, sample=(0,), c=fmpq(1, 2)
    )


@pytest.mark.parametrize("sample", [(0,), (1, 3), (0, 1, 2), ()])
@pytest.mark.parametrize("c", [fmpq(1, 2), fmpq(2)])
def test_the_answer_carries_its_certificate(sample: tuple[int, ...], c: fmpq) -> None:
    """With both outputs and either alone; a sampled task fewer is found out."""
    outputs = METHOD.direction(FOUR, sample=sample, c=c).outputs
    for kept in (outputs, *({name: value} for name, value in outputs.items())):
        assert broken(FOUR, kept, sample=sample, c=c) == []
    if len(sample) > 1:
        fewer = METHOD.direction(FOUR, sample=sample[1:], c=c).outputs
        assert broken(FOUR, fewer, sample=sample, c=c) != []


def test_stationary_rows_have_a_set_of_answers() -> None:
    """The sampled row and the mean of the others oppose each other, in space."""
    rows = [(1, 0, 0), (-1, 1, 0), (-1, -1, 0)]
    answer = METHOD.direction(rows, sample=(0,), c=2)
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(0), fmpq(1, 4), fmpq(0)))
    assert not answer.contains((fmpq(1, 4), fmpq(0), fmpq(0)))


@pytest.mark.parametrize("sample", [(0, 0), (4,), (-1,)])
def test_wrong_samples_are_named(sample: tuple[int, ...]) -> None:
    """Twice the same task, and tasks that there are not."""
    with pytest.raises(ValueError, match="sample must name tasks among 0 to 3 once each"):
        METHOD.direction(FOUR, sample=sample)


@pytest.mark.parametrize("sample", [(0,), (1, 3), (0, 1, 2, 3)])
def test_the_trace_is_the_method(sample: tuple[int, ...]) -> None:
    """Balls agree with the exact direction."""
    exact = METHOD.direction(FOUR, sample=sample).exact
    rows = jacobian(FOUR)
    with ctx.workprec(400):
        gramian = arb_mat(rows.gramian())
        norms = [gramian[i, i].sqrt() for i in range(4)]
        told = METHOD.trace(gramian, norms, {}, sample=sample)
        found = arb_mat(1, 4, list(told.weights)) * arb_mat(4, 3, [x for r in FOUR for x in r])
        pairs = zip(found.entries(), exact, strict=True)
        assert all(abs(a - enclose(b, 380)) < arb(2) ** -300 for a, b in pairs)

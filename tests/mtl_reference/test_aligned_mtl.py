"""Aligned-MTL: rational and other eigenvalues, rank, its certificate and its branches."""

from typing import cast

import pytest
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from mtl_reference import METHODS, jacobian
from mtl_reference.enclosure import Vector, decide, enclose
from mtl_reference.method import Outputs
from mtl_reference.pairing import inner
from mtl_reference.rational import Rows
from mtl_reference.spectrum import Spectrum
from mtl_reference.surd import sqrt

METHOD = METHODS["aligned_mtl"]
PLAIN: list[tuple[float, ...]] = [(3, 1, 2), (-1, 2, 2), (0, 1, -1)]
CASES: dict[str, list[tuple[float, ...]]] = {
    "plain": PLAIN,
    "orthogonal": [(2, 0), (0, 1)],
    "equal lengths": [(1, 0), (0, 1)],
    "duplicate": [(1, 2), (1, 2)],
    "tall": [(1, 0), (-1, 1), (1, 1), (2, 1)],
    "zero row": [(0, 0), (1, 2)],
    "nothing": [(0, 0), (0, 0)],
    "nearly dependent": [(1, 0), (1, 2.0**-30)],
    "antiparallel": [(1, 2), (-2, -4)],
}


def right(rows: Rows, outputs: Outputs) -> bool:
    """Whether outputs carry their certificate."""
    return all(decide(r.value) in {0, None} for r in METHOD.certificate(jacobian(rows), outputs))


@pytest.mark.parametrize("case", CASES)
def test_the_answer_carries_its_certificate(case: str) -> None:
    """The second derivation agrees; twice the direction does not."""
    rows = CASES[case]
    outputs = METHOD.direction(rows).outputs
    for kept in (outputs, *({name: value} for name, value in outputs.items())):
        assert right(rows, kept)
    if any(map(any, rows)) and case != "antiparallel":
        twice = tuple(2 * x for x in cast("Vector", outputs["direction"]))
        assert not right(rows, {"direction": twice})


def test_orthogonal_rows_are_shortened_to_the_shortest() -> None:
    """Rows of lengths 2, 1 and 3 become unit rows, and their mean is exact."""
    answer = METHOD.direction([(2, 0, 0), (0, 0, 1), (0, 3, 0)])
    assert answer.exact == (fmpq(1, 3), fmpq(1, 3), fmpq(1, 3))


def test_rational_eigenvalues_give_roots() -> None:
    """K = (2, 1; 1, 2) has eigenvalues 3 and 1: p lies in the first eigenspace."""
    weights = Spectrum(fmpq_mat([[2, 1], [1, 2]])).inverse_root((fmpq(1, 2), fmpq(1, 2)))
    assert [w - sqrt(fmpq(1, 12)) == 0 for w in weights] == [True, True]


def test_the_length_is_the_least_singular_value_over_the_root_of_t() -> None:
    """|d|^2 = mu / T for independent rows."""
    path = METHOD.direction(PLAIN).exact
    with ctx.workprec(300):
        least = Spectrum(jacobian(PLAIN).gramian()).eigenvalues()[-1]
        assert enclose(inner(path, path), 290).overlaps(least / 3)


def test_duplicates_are_one_row() -> None:
    """K = 5 (1, 1; 1, 1): one positive eigenvalue, weights 1/2 each, d the row itself."""
    answer = METHOD.direction([(1, 2), (1, 2)])
    assert answer.exact == (fmpq(1), fmpq(2))


def test_the_rank_is_decided_exactly() -> None:
    """Rows that differ by 2^-500 are independent: the least eigenvalue, and d, are tiny."""
    near = METHOD.direction([(1, 0), (1, fmpq(1, 2**500))]).exact
    assert all(abs(enclose(x, 64)) < arb(2) ** -490 for x in near)


def test_zero_rows_have_the_direction_zero() -> None:
    """No eigenvalue is positive."""
    answer = METHOD.direction([(0, 0), (0, 0)])
    assert answer.exact == (fmpq(0), fmpq(0))
    assert answer.outputs["weights"] == (fmpq(0), fmpq(0))


@pytest.mark.parametrize("case", [name for name in CASES if name != "antiparallel"])
def test_the_trace_is_the_method(case: str) -> None:
    """Balls of 400 bits agree with the exact direction, at singular Gramians too."""
    rows = jacobian(CASES[case])
    exact = METHOD.direction(rows).exact
    with ctx.workprec(400):
        gramian = arb_mat(rows.gramian())
        norms = [gramian[i, i].sqrt() for i in range(rows.tasks)]
        told = METHOD.trace(gramian, norms, {})
        weights = arb_mat(1, rows.tasks, list(told.weights))
        found = (weights * arb_mat(fmpq_mat(rows.numerators) / rows.denominator)).entries()
        pairs = zip(found, exact, strict=True)
        assert all(abs(a - enclose(b, 380)) < arb(2) ** -150 for a, b in pairs)

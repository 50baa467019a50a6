"""MGDA-UB: the false theorem, sets of answers, its certificate and its branches."""

import pytest
from flint import arb, arb_mat, ctx, fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import decide, enclose
from mtl_reference.method import Outputs, Relation
from mtl_reference.pairing import products
from mtl_reference.rational import Rows

METHOD = METHODS["mgda_ub"]
ROWS, SHARED = [(3, 1), (-1, -1)], [(1, 1), (1, -1)]


def broken(rows: Rows, outputs: Outputs, shared: Rows) -> list[str]:
    """The names of the conditions that the outputs do not meet."""
    found = METHOD.certificate(jacobian(rows), outputs, representation_jacobian=shared)
    right = {Relation.ZERO: (0,), Relation.NONNEGATIVE: (0, 1)}
    return [each.name for each in found if decide(each.value) not in right[each.relation]]


def test_the_theorem_as_printed_fails() -> None:
    """dZ/dtheta = (1, 0), (2, 1) is invertible, and the second loss rises."""
    answer = METHOD.direction(ROWS, representation_jacobian=SHARED)
    assert answer.exact == (fmpq(1), fmpq(0))
    assert tuple(products(jacobian(ROWS), answer.exact)) == (fmpq(3), fmpq(-1))
    assert broken(ROWS, answer.outputs, SHARED) == []
    assert broken(ROWS, {"direction": answer.exact}, SHARED) == []


def test_with_the_parameters_as_representation_it_is_mgda() -> None:
    """One space, one answer."""
    rows = [(3, 1, 0), (-1, 2, 1), (0, 1, -1)]
    plain = METHODS["mgda"].direction(rows).exact
    assert METHOD.direction(rows, representation_jacobian=rows).exact == plain


def test_the_weights_of_the_parameters_gramian_are_refused() -> None:
    """What a wrapper of plain MGDA returns breaks the conditions in the representation."""
    rows, shared = [(3, 0), (0, 1)], [(1, 0), (0, 1)]
    wrong = METHODS["mgda"].direction(rows).outputs
    assert broken(rows, wrong, shared) != []
    assert broken(rows, {"direction": wrong["direction"]}, shared) != []


def test_weights_that_the_representation_leaves_free_make_a_set() -> None:
    """Equal rows in the representation, different ones by the parameters."""
    answer = METHOD.direction([(1, 0), (0, 1)], representation_jacobian=[(1, 2), (1, 2)])
    assert answer.kind is Kind.SET
    assert answer.contains((fmpq(1, 3), fmpq(2, 3)))
    assert not answer.contains((fmpq(1, 3), fmpq(1, 3)))
    same = METHOD.direction([(1, 0), (1, 0)], representation_jacobian=[(1, 2), (1, 2)])
    assert same.exact == (fmpq(1), fmpq(0))


def test_free_weights_elsewhere_do_not_matter() -> None:
    """Two equal rows that the shortest vector does not touch."""
    shared = [(1, 0), (5, 1), (5, 1)]
    answer = METHOD.direction([(0, 2), (3, 0), (0, 7)], representation_jacobian=shared)
    assert answer.exact == (fmpq(0), fmpq(2))


def test_unequal_numbers_of_rows_are_named() -> None:
    """The message has name, rule and value."""
    with pytest.raises(ValueError, match="representation_jacobian must have one row for each"):
        METHOD.direction(ROWS, representation_jacobian=[(1, 1)])


def test_the_trace_is_the_method() -> None:
    """Balls agree with the exact direction, and tell the weights where they are unique."""
    rows, shared = [(3, 1, 0), (-1, 2, 1)], [(1, 0), (3, 1)]
    exact = METHOD.direction(rows, representation_jacobian=shared).exact
    with ctx.workprec(400):
        inputs = {"jacobian": arb_mat(rows), "representation_jacobian": arb_mat(shared)}
        told = METHOD.trace(inputs, {})
        pairs = zip(told.outputs["direction"], exact, strict=True)
        assert all(abs(a - enclose(b, 380)) < arb(2) ** -300 for a, b in pairs)
        assert "weights" in told.outputs
        inputs["representation_jacobian"] = arb_mat([(1, 0), (1, 0)])
        assert "weights" not in METHOD.trace(inputs, {}).outputs

"""IMTL: IMTL-G on scaled rows, and its dependent cases under scales of both kinds."""

from typing import Any

import pytest
from flint import fmpq

from mtl_reference import METHODS, Kind, jacobian
from mtl_reference.enclosure import decide, enclose
from mtl_reference.pairing import products
from mtl_reference.surd import sqrt

METHOD = METHODS["imtl"]
ROWS = ((1, 2, 0), (3, -1, 1), (0, 1, 1))


def test_it_is_imtl_g_of_the_rows_over_their_losses() -> None:
    """At IMTL-L's optimum, coordinate by coordinate; weights are told on the raw rows."""
    losses = (2, 4, 8)
    scaled = [[fmpq(x, loss) for x in row] for row, loss in zip(ROWS, losses, strict=True)]
    right, found = METHODS["imtl_g"].direction(scaled), METHOD.direction(ROWS, losses=losses)
    assert all(a == b for a, b in zip(found.exact, right.exact, strict=True))
    pairs = zip(found.outputs["weights"], right.outputs["weights"], losses, strict=True)
    assert all(ours * loss == theirs for ours, theirs, loss in pairs)


def test_even_scales_leave_imtl_g() -> None:
    """Losses of 1, and log-scales of 0."""
    plain = METHODS["imtl_g"].direction(ROWS).exact
    for given in ({"losses": (1, 1, 1)}, {"log_scales": (0, 0, 0), "scales": "given"}):
        found = METHOD.direction(ROWS, **given).exact
        assert all(a == b for a, b in zip(found, plain, strict=True))


def test_two_orthogonal_tasks_by_hand() -> None:
    """Rows (2, 0), (0, 2), losses 1 and 3: c = (1/4, 1/4), as 1/4 + 3/4 = 1."""
    answer = METHOD.direction([(2, 0), (0, 2)], losses=[1, 3])
    assert answer.outputs["weights"] == (fmpq(1, 4), fmpq(1, 4))


def test_given_scales_keep_the_projections_equal() -> None:
    """Powers of e change the length of the direction alone."""
    found = METHOD.direction(ROWS, log_scales=(1, 0, -2), scales="given")
    sides = products(jacobian(ROWS), found.exact)
    lengths = [sqrt(5), sqrt(11), sqrt(2)]
    first, *others = [
        float(enclose(side / length, 100)) for side, length in zip(sides, lengths, strict=True)
    ]
    assert others == pytest.approx([first, first], rel=1e-15)


@pytest.mark.parametrize(
    ("rows", "given", "kind"),
    [
        ([(1, 0), (2, 0)], {"losses": [1, 2]}, Kind.EXACT),
        ([(1, 0), (2, 0)], {"losses": [1, 3]}, Kind.SET),
        ([(1, 0), (1, 0)], {"log_scales": [1, 1], "scales": "given"}, Kind.EXACT),
        ([(1, 0), (1, 0)], {"log_scales": [1, 2], "scales": "given"}, Kind.SET),
        ([(1, 0), (0, 1), (1, 1)], {"losses": [1, 2, 3]}, Kind.UNDEFINED),
        ([(1, 0), (0, 1), (1, 1)], {"log_scales": [1, 2, 3], "scales": "given"}, Kind.EXACT),
        ([(1, 0), (0, 0)], {"losses": [1, 1]}, Kind.UNDEFINED),
        ([(1, 0), (0, 1)], {"losses": [1, 0]}, Kind.UNDEFINED),
    ],
)
def test_dependent_rows_are_decided(rows: Any, given: Any, kind: Kind) -> None:  # noqa: ANN401
    """What null weights cost decides: with powers of e by Lindemann and Weierstrass."""
    assert METHOD.direction(rows, **given).kind is kind


def test_a_set_tells_its_members() -> None:
    """Every multiple of the common direction, and nothing off it."""
    answer = METHOD.direction([(1, 0), (2, 0)], losses=[1, 3])
    assert answer.contains((fmpq(-7, 3), fmpq(0)))
    assert not answer.contains((fmpq(1), fmpq(1, 10**30)))


def test_a_wrong_length_is_seen() -> None:
    """Twice the direction and the weights cost 2."""
    answer = METHOD.direction(ROWS, losses=(1, 2, 3))
    twice = {name: tuple(2 * x for x in output) for name, output in answer.outputs.items()}
    residuals = METHOD.certify({"jacobian": ROWS, "losses": (1, 2, 3)}, twice)
    assert any(decide(each.value) != 0 for each in residuals)

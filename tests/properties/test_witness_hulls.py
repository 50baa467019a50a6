"""The sixty-digit witness agrees with GEM, and with the hulls of PE-LTR and ARML."""

from flint import fmpq
from mpmath import mp, mpf

from mtl_reference.enclosure import Vector, enclose
from mtl_reference.methods import arml, gem, pe_ltr
from properties import witness


def gap(seen: tuple[mpf, ...], exact: Vector) -> mpf:
    """The largest difference of two directions."""
    with mp.workdps(80):
        right = [mpf(enclose(number, 300).str(80, radius=False)) for number in exact]
        return max(abs(a - b) for a, b in zip(seen, right, strict=True))


def test_gem_agrees() -> None:
    """The gradient is kept clear of two memories, one of which presses."""
    gradient, memory = (1.0, -2.0, 0.5), [(0.25, 1.0, 1.0), (-1.0, 0.5, 2.0)]
    exact = gem.direction(gradient, memory=memory).exact
    assert gap(witness.gem(gradient, memory), exact) < mpf(10) ** -55


def test_shrunken_and_moved_hulls_agree() -> None:
    """PE-LTR's and ARML's programs as they are printed, in the space of the directions."""
    first, second = (2.0, 0.5), (-0.5, 1.0)
    shrunken = [(1.375, 0.625), (0.125, 0.875)]  # half of the mean and half of each row
    exact = pe_ltr.direction([first, second], floors=(0.25, 0.25)).exact
    assert gap(witness.mgda(shrunken), exact) < mpf(10) ** -55
    main = (1.0, 2.0)
    left = [tuple(g - 2 * h for g, h in zip(main, row, strict=True)) for row in (first, second)]
    answer = arml.direction([first, second], gradient=main).exact
    rest = tuple(2 * g - x for g, x in zip((fmpq(1), fmpq(2)), answer, strict=True))
    assert gap(witness.mgda(left), rest) < mpf(10) ** -55

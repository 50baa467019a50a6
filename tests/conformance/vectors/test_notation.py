"""Numbers of vectors survive being written and read, in every form."""

import math

import pytest
from flint import arb, ctx, fmpq

from conformance.vectors.notation import agrees, ball, floats, hexadecimal, hexed, read, written
from mtl_reference.enclosure import Number, Real
from mtl_reference.surd import sqrt

FLOATS = (0.0, -1.5, 0.1, 5e-324, 2.0**-1030, 1.7976931348623157e308, 1.0 + 2.0**-52, 1024.0)
E = Real(lambda _: arb(1).exp())
QUOTIENT = (1 + sqrt(2)) / (sqrt(3) + sqrt(5) + sqrt(7))


@pytest.mark.parametrize("number", FLOATS)
def test_hexadecimal_keeps_every_bit(number: float) -> None:
    """A float comes back from its shortest C99 form, subnormals and the largest too."""
    text = hexadecimal(number)
    assert math.copysign(1, float.fromhex(text)) == math.copysign(1, number)
    assert float.fromhex(text) == number
    assert "0p" not in text.removeprefix("0x0p") or text in {"0x0p+0", "-0x0p+0"}


def test_what_is_not_finite_is_spelled_out() -> None:
    """Infinities and nan have their own words, whole numbers stay plain."""
    assert hexed(((math.inf, -math.inf),), real=True) == [["inf", "-inf"]]
    assert hexadecimal(math.nan) == "nan"
    assert floats([[0, 1], ["0x1.8p+1"]]) == ((0, 1), (3.0,))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (fmpq(-4, 6), "-2/3"),
        (sqrt(4), "2"),
        (fmpq(1, 2) + sqrt(2), [["1/2", "1"], ["1", "2"]]),
    ],
)
def test_exact_numbers_are_written_shortly(number: Number, text: object) -> None:
    """A rational is a fraction even where it came as a surd, a sum of roots a list of pairs."""
    assert written(number) == text
    assert agrees(text, number)


@pytest.mark.parametrize(
    "number", [fmpq(1, 3), sqrt(2) - 1, QUOTIENT, E], ids=["rational", "surd", "quotient", "ball"]
)
def test_written_numbers_tell_their_neighbours_apart(number: Number) -> None:
    """What is written stands for the number, and not for one that differs in the 30th digit."""
    entry = written(number)
    assert agrees(entry, number)
    assert not agrees(entry, number + fmpq(1, 10**30))


def test_what_no_float_holds_is_told_as_nothing() -> None:
    """exp(-1e7) is 0 within 1e-400, and not four million digits."""
    tiny = Real(lambda _: arb(-(10**7)).exp())
    assert written(tiny) == {"mid": "0", "rad": "1e-400"}
    assert agrees(written(tiny), tiny)


def test_a_ball_holds_its_number() -> None:
    """Forty digits and a radius: the middle alone is off, the ball is not."""
    entry = written(E)
    assert entry["mid"].startswith("2.71828182845904523536")
    assert isinstance(read(entry), arb)
    with ctx.workprec(200):
        assert ball(entry).contains(arb(1).exp())
        assert not ball(entry | {"rad": "0"}).overlaps(arb(1).exp())

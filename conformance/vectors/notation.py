"""Exact numbers and floats as they stand in vectors: every language can read them.

A float is C99 hex ("0x1.8p+1", "nan", "inf"). An exact number is "p/q"; a sum of roots
[["p/q", "D"], ...], the sum of p/q sqrt(D); a quotient of two such sums {"numerator",
"denominator"}; or, where no finite form is known, a ball {"mid", "rad"} in decimal.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from flint import arb, ctx, fmpq, fmpz

from conformance.tolerance import BITS
from mtl_reference.enclosure import Number, Real, enclose
from mtl_reference.method import Output
from mtl_reference.rational import rational
from mtl_reference.surd import UNIT, Roots, Surd, sqrt

DIGITS: Final = 40  # of a ball's middle: more than twice those of binary64
LEAST: Final = "1e-400"  # what is smaller is told as 0 within that: far below what floats hold
_BITS: Final = 4 * DIGITS
_ZEROS = re.compile(r"\.?0*(?=p)")


# Floats --------------------------------------------------------------------------------------


def hexadecimal(number: float) -> str:
    """A float in C99 hex, as short as it goes.

    >>> hexadecimal(-1.5), hexadecimal(0.0), hexadecimal(float("inf"))
    ('-0x1.8p+0', '0x0p+0', 'inf')
    """
    return _ZEROS.sub("", float(number).hex())


def hexed(values: Any, *, real: bool) -> Any:  # noqa: ANN401  (of any shape)
    """Nested numbers as they stand in a file: real ones in hex, whole ones and truths as such."""
    if isinstance(values, (list, tuple)):
        return [hexed(each, real=real) for each in values]
    return hexadecimal(values) if real else values


def floats(values: Any) -> Any:  # noqa: ANN401  (of any shape)
    """Nested numbers of a file as nested tuples of floats, whole numbers and truths."""
    if isinstance(values, list):
        return tuple(map(floats, values))
    return float.fromhex(values) if isinstance(values, str) else values


# Exact numbers -------------------------------------------------------------------------------


def written(number: Number) -> Any:  # noqa: ANN401  (text, a list or an object)
    """An exact number as it stands in a file."""
    if isinstance(number, Real):
        return _ball(number)
    exact = number if isinstance(number, fmpq) else number.as_rational()
    if exact is not None:
        return str(exact)
    surd: Any = number
    if surd.denominator == UNIT:
        return _sum(surd.numerator)
    return {"numerator": _sum(surd.numerator), "denominator": _sum(surd.denominator)}


def written_output(output: Output) -> list[Any]:
    """An output number by number; of several rows, row by row."""
    return [
        [written(number) for number in row] if _is_row(row) else written(row)  # type: ignore[arg-type,union-attr]  # numbers or rows of them
        for row in output
    ]


def _is_row(entry: object) -> bool:
    return not isinstance(entry, (fmpq, Surd, Real)) and isinstance(entry, Sequence)


def _sum(roots: Roots) -> list[list[str]]:
    return [[str(roots[root]), str(root)] for root in sorted(roots, key=int)]


def _ball(number: Real) -> Any:  # noqa: ANN401  (text, or an object)
    """Forty digits of the middle, and a power of ten that covers what they leave out.

    What its ball tells exactly and shortly is a fraction.
    """
    ball = enclose(number, _BITS)
    if ball.is_exact() and ball.is_finite():
        mantissa, exponent = ball.man_exp()
        if abs(exponent) < _BITS and mantissa.bit_length() < _BITS:
            return str(fmpq(mantissa) * fmpq(2) ** int(exponent))
    if ball.abs_upper() < arb(LEAST):
        return {"mid": "0", "rad": LEAST}
    mid = "0" if ball.contains(0) else _shortened(ball.mid().str(DIGITS, radius=False))
    with ctx.workprec(BITS):
        left = (ball - arb(mid)).abs_upper().max(ball.abs_upper() * arb(10) ** (1 - DIGITS))
        power = (left.log() / arb(10).log()).ceil().upper()
    return {"mid": mid, "rad": f"1e{int(float(power))}"}


def _shortened(decimal: str) -> str:
    """A decimal without the zeros that end its digits."""
    digits, sign, power = decimal.partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + sign + power


def read(entry: Any) -> fmpq | Surd | arb:  # noqa: ANN401  (what `written` writes)
    """The number that an entry stands for; a ball as a ball."""
    if isinstance(entry, str):
        return rational(entry)
    if isinstance(entry, list):
        return _read_sum(entry)
    if "mid" in entry:
        with ctx.workprec(BITS):
            return arb(entry["mid"]) + arb(0, entry["rad"])
    return _read_sum(entry["numerator"]) / _read_sum(entry["denominator"])


def _read_sum(terms: Sequence[Sequence[str]]) -> Surd:
    return sum((sqrt(fmpz(int(root))) * rational(factor) for factor, root in terms), Surd({}, UNIT))


def ball(entry: Any) -> arb:  # noqa: ANN401  (what `written` writes)
    """The number that an entry stands for as a ball of the working precision."""
    found = read(entry)
    return found if isinstance(found, arb) else enclose(found, BITS)


def agrees(entry: Any, number: Number) -> bool:  # noqa: ANN401  (what `written` writes)
    """Whether an entry stands for a number: exactly, or as far as their balls tell."""
    found = read(entry)
    if isinstance(found, arb) or isinstance(number, Real):
        return bool(ball(entry).overlaps(enclose(number, BITS)))
    return bool(found - number == 0)


def agree(entries: Sequence[Any], output: Output) -> bool:
    """Whether entries stand for an output, number by number."""
    if len(entries) != len(output):
        return False
    pairs = zip(entries, output, strict=True)
    return all(_alike(entry, each) for entry, each in pairs)


def _alike(entry: Any, each: Any) -> bool:  # noqa: ANN401  (a number, or a row of them)
    return agree(entry, each) if _is_row(each) else agrees(entry, each)


def decimals(number: float) -> float:
    """A figure to six digits, as bounds are told."""
    return float(f"{number:.6g}")

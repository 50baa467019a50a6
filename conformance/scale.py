"""The scale of an answer: a small expression in T and parameters, parsed and evaluated exactly.

    expression := term (("+" | "-") term)*
    term       := factor (("*" | "/") factor)*
    factor     := "-" factor | atom ["**" ["-"] INTEGER]
    atom       := INTEGER | DECIMAL | NAME | "(" expression ")"

Nothing is ever evaluated as code. Decimals stand for the decimal fraction that they spell,
parameters for the exact rational of their float64.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import final

LENGTH_LIMIT = 200
DEPTH_LIMIT = 32
EXPONENT_LIMIT = 16
BITS_LIMIT = 2**16

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(\*\*|[-+*/()]))", re.ASCII)

Values = Mapping[str, Fraction]
Term = Callable[[Values], Fraction]


@final
@dataclass(frozen=True, slots=True)
class Scale:
    """A parsed expression; ``names`` are the names that it uses (T, parameters)."""

    text: str
    names: frozenset[str]
    term: Term

    def value(self, tasks: int, params: Mapping[str, object]) -> Fraction:
        """Exact value for T = ``tasks``; ValueError names what is missing, no number or zero."""
        values = {"T": Fraction(tasks)}
        for name in self.names - {"T"}:
            values[name] = _parameter(name, params, self.text)
        try:
            return self.term(values)
        except ZeroDivisionError:
            shown = ", ".join(f"{name} = {value}" for name, value in sorted(values.items()))
            message = f"scale {self.text!r} divides by zero at {shown}"
            raise ValueError(message) from None


def parse(text: str) -> Scale:
    """Scale that ``text`` spells; ValueError says where it is none."""
    if len(text) > LENGTH_LIMIT:
        message = f"scale must have at most {LENGTH_LIMIT} characters (got {len(text)})"
        raise ValueError(message)
    parser = _Parser(text)
    term = parser.expression(0)
    if parser.ahead:
        parser.fail("an operator or the end")
    return Scale(text, frozenset(parser.names), term)


def _parameter(name: str, params: Mapping[str, object], text: str) -> Fraction:
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | Fraction):
        message = f"scale {text!r} needs the parameter {name} as a number (got {value!r})"
        raise ValueError(message)  # noqa: TRY004  (what is wrong is the value of a message)
    return Fraction(value)


def _power(base: Fraction, exponent: int) -> Fraction:
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(exponent) > BITS_LIMIT:
        message = f"scale must stay below {BITS_LIMIT} bits (got a power of {bits} bits)"
        raise ValueError(message)
    return base**exponent


@final
class _Parser:
    """Recursive descent over the tokens of one expression, one token ahead."""

    def __init__(self, text: str) -> None:
        self.text, self.end, self.names = text, 0, set[str]()
        self.ahead = ""
        self.start = 0
        self.advance()

    def advance(self) -> str:
        """Token just read; the next one becomes current, "" at the end."""
        taken, rest = self.ahead, self.text[self.end :]
        self.start = self.end + len(rest) - len(rest.lstrip())
        match = _TOKEN.match(self.text, self.end)
        if match:
            self.ahead, self.end = match[0].strip(), match.end()
        elif rest.strip():
            self.ahead = rest.strip()[0]
            self.fail("a number, a name or one of + - * / ** ( )")
        else:
            self.ahead = ""
        return taken

    def fail(self, wanted: str) -> None:
        found = repr(self.ahead) if self.ahead else "the end"
        message = f"scale {self.text!r} must have {wanted} at position {self.start} (got {found})"
        raise ValueError(message)

    def expression(self, depth: int) -> Term:
        if depth > DEPTH_LIMIT:
            message = f"scale must nest at most {DEPTH_LIMIT} deep"
            raise ValueError(message)
        left = self.term(depth)
        while self.ahead in {"+", "-"}:
            left = _combine(self.advance(), left, self.term(depth))
        return left

    def term(self, depth: int) -> Term:
        left = self.factor(depth)
        while self.ahead in {"*", "/"}:
            left = _combine(self.advance(), left, self.factor(depth))
        return left

    def factor(self, depth: int) -> Term:
        negative = False
        while self.ahead == "-":
            negative = not negative
            self.advance()
        base = self.atom(depth)
        if self.ahead == "**":
            self.advance()
            exponent, inner = self.exponent(), base
            base = lambda values: _power(inner(values), exponent)  # noqa: E731  (one of five alike)
        return _negated(base) if negative else base

    def exponent(self) -> int:
        sign = -1 if self.ahead == "-" and self.advance() else 1
        if not self.ahead.isdigit() or int(self.ahead) > EXPONENT_LIMIT:
            self.fail(f"an integer exponent of at most {EXPONENT_LIMIT}")
        return sign * int(self.advance())

    def atom(self, depth: int) -> Term:
        if self.ahead == "(":
            self.advance()
            inner = self.expression(depth + 1)
            if self.ahead != ")":
                self.fail("a closing parenthesis")
            self.advance()
            return inner
        if self.ahead[:1].isdigit():
            constant = Fraction(self.advance())
            return lambda _: constant
        if not self.ahead.isidentifier():
            self.fail("a number, a name or a parenthesis")
        name = self.advance()
        self.names.add(name)
        return lambda values: values[name]


def _negated(inner: Term) -> Term:
    return lambda values: -inner(values)


def _combine(sign: str, left: Term, right: Term) -> Term:
    if sign == "+":
        return lambda values: left(values) + right(values)
    if sign == "-":
        return lambda values: left(values) - right(values)
    if sign == "*":
        return lambda values: left(values) * right(values)
    return lambda values: left(values) / right(values)

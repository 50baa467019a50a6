"""The scale grammar: exact values, and an error that says where an expression is none."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance import scale

PARAMS = {"c": 0.5, "k": 3}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("T", 4),
        ("1/T", Fraction(1, 4)),
        ("1/(1+c**2)", Fraction(4, 5)),
        ("-c**2", Fraction(-1, 4)),
        ("(-c)**2", Fraction(1, 4)),
        ("2**-3", Fraction(1, 8)),
        ("k - 1 - 1", 1),
        ("12/k/2", 2),
        ("1 + 2*k", 7),
        ("0.1", Fraction(1, 10)),
        ("--c", Fraction(1, 2)),
        (" ( T )\t", 4),
    ],
)
def test_values_are_exact(text: str, value: Fraction) -> None:
    """Signs, associativity and powers follow arithmetic; no float is ever involved."""
    assert scale.parse(text).value(4, PARAMS) == value


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "a number, a name or a parenthesis at position 0 .got the end."),
        ("1 +", "a number, a name or a parenthesis"),
        ("(T", "a closing parenthesis at position 2"),
        ("T T", "an operator or the end at position 2 .got 'T'."),
        ("T)", "an operator or the end"),
        ("__import__('os')", "an operator or the end"),
        ("T;c", "at position 1 .got ';'."),
        ("2**T", "an integer exponent"),
        ("2**3**2", "an operator or the end"),
        ("2**0.5", "an integer exponent"),
        ("2**99999999", "at most 16"),
        ("1e5", "an operator or the end"),
        ("T²", "got '²'"),
        ("(" * 40 + "T" + ")" * 40, "at most 32 deep"),
        ("1+" * 200 + "1", "at most 200 characters"),
    ],
)
def test_other_texts_are_refused(text: str, rule: str) -> None:
    """What the grammar does not derive is an error that tells the place."""
    with pytest.raises(ValueError, match=rule):
        scale.parse(text)


@pytest.mark.parametrize(
    ("text", "params", "rule"),
    [
        ("1/(T-4)", {}, "divides by zero at T = 4"),
        ("0**-1", {}, "divides by zero"),
        ("c", {}, "parameter c as a number .got None."),
        ("c", {"c": "l2"}, "parameter c as a number"),
        ("c", {"c": True}, "parameter c as a number"),
        ("((c**16)**16)**16", {"c": 0.1}, "65536 bits"),
    ],
)
def test_values_that_do_not_exist_are_refused(
    text: str, params: dict[str, object], rule: str
) -> None:
    """Division by zero, missing or non-numeric parameters, and numbers without bound."""
    with pytest.raises(ValueError, match=rule):
        scale.parse(text).value(4, params)


EXPRESSIONS = st.recursive(
    st.sampled_from(["T", "c", "k", "2", "0.25"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
            lambda parts: "({}{}{})".format(*parts)
        )
        | inner.map(lambda text: f"(-{text}**2)")
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(EXPRESSIONS.filter(lambda text: len(text) <= scale.LENGTH_LIMIT))
def test_dyadic_expressions_agree_with_python(text: str) -> None:
    """On dyadic numbers Python's own arithmetic is exact and reads the same grammar."""
    expected = Fraction(eval(text, {}, {"T": 3.0, "c": 0.5, "k": 3.0}))  # noqa: S307  (our text)
    assert scale.parse(text).value(3, PARAMS) == expected

"""What can be told of a case at a glance: its shape, its numbers, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import frexp
from typing import Any, Final

from flint import fmpq_mat

from conformance.question import inputs_of, random_of
from conformance.vectors.record import BENT
from mtl_reference import METHODS, QUANTITIES
from mtl_reference.rational import jacobian
from properties.example import Example, Rows
from properties.jacobians import natural_orders
from properties.question import stacked

FAR: Final = 2.0**20  # a ratio of lengths, or a length, that an absolute epsilon does not survive
SINGLE: Final = 24  # digits of binary32


@dataclass(frozen=True)
class Case:
    """A case as the flags see it: the example, and what is right for it."""

    example: Example
    dtype: str
    right: Mapping[str, Any]

    @cached_property
    def asked(self) -> bool:
        """Whether the input is one that the method takes."""
        return str(self.right["result"]) != "invalid"

    @cached_property
    def rows(self) -> Rows:
        """The rows that the method combines; none where it combines none, or they are invalid."""
        method = METHODS[self.example.method]
        if not self.asked or not set(method.rows) & set(method.inputs):
            return ()
        return stacked(self.example, method)

    @cached_property
    def gramian(self) -> fmpq_mat:
        """Their inner products."""
        return jacobian(self.rows).gramian()

    @cached_property
    def lengths(self) -> list[float]:
        """Their largest entries in size, which tell their lengths within a factor sqrt(d)."""
        return [max(map(abs, row), default=0.0) for row in self.rows]

    @cached_property
    def numbers(self) -> list[float]:
        """The real numbers beside the rows."""
        rows = METHODS[self.example.method].rows
        inputs = inputs_of(self.example.method, self.example)
        return [
            float(number)
            for name, values in inputs.items()
            if name not in rows and QUANTITIES[name].kind == "real"
            for number in _flat(values)
        ]

    @cached_property
    def lists(self) -> list[tuple[Any, ...]]:
        """The vectors among the inputs."""
        given = inputs_of(self.example.method, self.example)
        return [tuple(values) for name, values in given.items() if len(QUANTITIES[name].shape) == 1]

    @property
    def tasks(self) -> int:
        """T, or the number of rows."""
        return self.example.tasks

    def pairs(self) -> Iterator[Any]:
        """The inner products of pairs."""
        count = len(self.rows)
        return (self.gramian[i, j] for i in range(count) for j in range(i))

    def expected(self) -> list[Any]:
        """The entries of the main output, where there is one answer."""
        found = self.right.get("expected") or {}
        main = METHODS[self.example.method].main
        return list(_flat(found.get(main, ())))


def _flat(values: Any) -> Iterator[Any]:  # noqa: ANN401  (of any shape)
    if isinstance(values, (list, tuple)):
        for each in values:
            yield from _flat(each)
    else:
        yield values


def _rank(case: Case) -> int:
    return int(case.gramian.numer_denom()[0].rank())


def dependent(case: Case) -> bool:
    """Whether rows depend on each other, and none is zero."""
    return len(case.rows) > 1 and all(map(any, case.rows)) and _rank(case) < len(case.rows)


def opposed(case: Case) -> bool:
    """Whether two rows point opposite ways."""
    if not case.rows:
        return False
    gramian, count = case.gramian, range(len(case.rows))
    return any(
        gramian[i, j] < 0 and gramian[i, j] ** 2 == gramian[i, i] * gramian[j, j]
        for i in count
        for j in range(i)
    )


def spread(case: Case) -> bool:
    """Whether the lengths of rows lie far apart."""
    known = [length for length in case.lengths if length]
    return bool(known) and max(known) > FAR * min(known)


def _digits(number: float) -> int:
    """Digits of a significand."""
    whole = int(abs(frexp(number)[0]) * 2**53)
    return whole.bit_length() - (whole & -whole).bit_length() + 1 if whole else 0


def full(case: Case) -> bool:
    """Whether an entry has more digits than single precision."""
    entries = [*_flat(case.rows), *case.numbers]
    return case.dtype == "float64" and any(_digits(entry) > SINGLE for entry in entries)


def turned(case: Case) -> bool:
    """Whether the orders are not the ascending ones."""
    orders = case.example.orders
    return orders is not None and orders != natural_orders(len(orders))


def kind(case: Case) -> str:
    """What is wrong with an invalid input."""
    example = case.example
    if example.extra.get("invalid") == BENT:
        return "rank"
    given = inputs_of(example.method, example) | random_of(example.method, example)
    entries = [float(each) for each in _flat(list(given.values()))]
    if any(entry != entry for entry in entries):  # noqa: PLR0124  (nan differs from itself)
        return "nan"
    if any(abs(entry) == float("inf") for entry in entries):
        return "inf"
    if any(not len(each) for each in given.values() if hasattr(each, "__len__")):
        return "empty"
    return str(example.extra.get("invalid", "other"))

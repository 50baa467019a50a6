"""What loss weightings read: vectors with one number for each task, and parameters in a range."""

from collections.abc import Sequence

from flint import fmpq

from mtl_reference.method import finite
from mtl_reference.rational import Scalar, numbers

Values = Sequence[Scalar]
"""One number for each task: ints, floats, fractions or strings "p/q"."""


def losses_of(values: Values, name: str = "losses") -> tuple[fmpq, ...]:
    """The losses (T,), exact; ValueError where there are none or one is not finite."""
    found = numbers(name, values)
    if not found:
        message = f"{name} must have at least one entry (got 0)"
        raise ValueError(message)
    return found


def for_each_task(name: str, values: Values, tasks: int) -> tuple[fmpq, ...]:
    """A vector (T,) beside the losses; ValueError where it has not one number for each task."""
    found = numbers(name, values)
    if len(found) != tasks:
        message = f"{name} must have one entry for each task (got {len(found)} for {tasks} tasks)"
        raise ValueError(message)
    return found


def positive(name: str, value: float) -> fmpq:
    """A parameter that must be above 0, exact."""
    found = finite(name, value)
    if found <= 0:
        message = f"{name} must be positive (got {value!r})"
        raise ValueError(message)
    return found


def not_negative(name: str, value: float) -> fmpq:
    """A parameter that must not be below 0, exact."""
    found = finite(name, value)
    if found < 0:
        message = f"{name} must not be negative (got {value!r})"
        raise ValueError(message)
    return found


def first(numbers_: Sequence[fmpq], least: fmpq) -> int | None:
    """The place of the first number that is not above ``least``; None where all are."""
    return next((place for place, number in enumerate(numbers_) if number <= least), None)


def classes_of(name: str, values: Values) -> list[int]:
    """Classes, whole numbers from 0, or -1 for none; ValueError where one is not such a number."""
    found = losses_of(values, name)
    for place, number in enumerate(found):
        if number.q != 1 or number < -1:
            message = f"{name}[{place}] must be a class, or -1 (got {number})"
            raise ValueError(message)
    return [int(number.p) for number in found]

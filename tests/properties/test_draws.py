"""The inputs beside the jacobian: each draw is held by the dtype, and lies where it promises."""

import pytest

from properties import draws
from properties.generation import draw
from properties.jacobians import representable

RANGES = {"real": (-4, 4), "positive": (0, 4), "fraction": (0, 1)}


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("name", RANGES)
def test_every_number_is_of_the_dtype_and_in_range(name: str, dtype: str) -> None:
    """Short ones and long ones, strictly inside the range."""
    low, high = RANGES[name]
    found = draw(draws.vector(3, getattr(draws, name)(dtype)), examples=60, number=1)
    numbers = [number for vector in found for number in vector]
    assert all(representable(number, dtype) for number in numbers)
    assert all(low < number < high or number in {-4, 4} for number in numbers)


def test_a_sample_has_a_task_and_none_twice() -> None:
    """From one task to all of them."""
    found = draw(draws.sample(3), examples=40, number=1)
    assert {len(chosen) for chosen in found} == {1, 2, 3}
    assert all(set(chosen) <= {0, 1, 2} and len(set(chosen)) == len(chosen) for chosen in found)

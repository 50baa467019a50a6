"""Strategies of the inputs beside the jacobian: losses, preferences, uniforms, samples.

As in `jacobians`, every number is one that the dtype holds exactly, and most are short, so that
failures shrink to numbers that can be read.
"""

from functools import cache
from math import ldexp

from hypothesis import strategies as st

from properties.jacobians import PRECISION

Numbers = tuple[float, ...]


@cache
def real(dtype: str) -> st.SearchStrategy[float]:
    """A number between -4 and 4: an eighth's multiple, or with all the digits of the dtype."""
    bits = PRECISION[dtype]
    full = st.integers(1 - 2**bits, 2**bits - 1).map(lambda m: ldexp(m, 2 - bits))
    return st.one_of(st.integers(-32, 32).map(lambda n: n / 8), full)


@cache
def positive(dtype: str) -> st.SearchStrategy[float]:
    """A positive number up to 4: an eighth's multiple, or with all the digits of the dtype."""
    bits = PRECISION[dtype]
    full = st.integers(2 ** (bits - 4), 2**bits - 1).map(lambda m: ldexp(m, 2 - bits))
    return st.one_of(st.integers(1, 32).map(lambda n: n / 8), full)


@cache
def fraction(dtype: str) -> st.SearchStrategy[float]:
    """A number strictly between 0 and 1."""
    bits = PRECISION[dtype]
    full = st.integers(1, 2**bits - 1).map(lambda m: ldexp(m, -bits))
    return st.one_of(st.integers(1, 31).map(lambda n: n / 32), full)


@cache
def vector(length: int, entry: st.SearchStrategy[float]) -> st.SearchStrategy[Numbers]:
    """So many numbers, each drawn by itself."""
    return st.tuples(*[entry] * length)


@cache
def sample(tasks: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Some of the tasks, one at least, in any order."""
    some = st.integers(1, tasks)
    chosen = st.tuples(st.permutations(range(tasks)), some)
    return chosen.map(lambda drawn: tuple(drawn[0][: drawn[1]]))

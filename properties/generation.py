"""Hypothesis held to one rule: the same seed draws the same examples in every process.

Hypothesis mixes constants of the modules that happen to be imported into what it draws, and follows
each example by up to five that repeat parts of it. Here it draws from its own constants alone, and
each example afresh: few examples then reach many families, which hold the duplicates that its
mutations look for. There is no example database, no deadline and no clock.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import HypothesisWarning, Unsatisfiable
from hypothesis.internal.conjecture import providers
from hypothesis.internal.conjecture.engine import ConjectureRunner
from hypothesis.strategies import SearchStrategy

Drawn = TypeVar("Drawn")

_NOTHING = providers.Constants()  # type: ignore[attr-defined]  # not meant for others
_CONSTANTS = type(providers.CONSTANTS_CACHE)(1024)  # those of Hypothesis alone, from run to run
_NO_DATABASE = b"none"  # told, so that Hypothesis need not read this file to name one

__all__ = ["HypothesisWarning", "Unsatisfiable", "draw", "search"]


def _unmutated(_runner: ConjectureRunner, _data: object) -> None:
    """Go on to the next draw."""


@contextmanager
def plain_draws() -> Iterator[None]:
    """Keep Hypothesis from reading constants out of imported modules, and from mutating."""
    known = providers._get_local_constants  # noqa: SLF001  (there is no public switch)
    mutate = ConjectureRunner.generate_mutations_from
    cache = providers.CONSTANTS_CACHE
    providers.CONSTANTS_CACHE = _CONSTANTS
    providers._get_local_constants = lambda: _NOTHING  # noqa: SLF001
    ConjectureRunner.generate_mutations_from = _unmutated  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        providers._get_local_constants = known  # noqa: SLF001
        ConjectureRunner.generate_mutations_from = mutate  # type: ignore[method-assign]
        providers.CONSTANTS_CACHE = cache


def search(
    strategy: SearchStrategy[Drawn],
    check: Callable[[Drawn], None],
    *,
    examples: int,
    number: int,
    targets: bool = False,
) -> None:
    """Call ``check`` on drawn examples until it raises; then on smaller ones, and raise again.

    ``number`` is the seed; ``targets`` lets `hypothesis.target` steer. Raises Unsatisfiable where
    the strategy draws nothing.
    """
    phases = [Phase.generate, Phase.shrink, *([Phase.target] if targets else [])]

    @seed(number)
    @settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def checked(drawn: Drawn) -> None:
        check(drawn)

    checked._hypothesis_internal_database_key = _NO_DATABASE  # type: ignore[attr-defined]  # noqa: SLF001
    with plain_draws():
        checked()


def draw(strategy: SearchStrategy[Drawn], *, examples: int, number: int) -> list[Drawn]:
    """Distinct draws of a strategy, in the order drawn."""
    found: list[Drawn] = []
    search(strategy, found.append, examples=examples, number=number)
    return found

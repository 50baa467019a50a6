"""Timing of several calls side by side: interleaved rounds, and what they say in three numbers."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Call = Callable[[], object]
Wait = Callable[[], None]

SLOW = 0.5
"""Seconds of one call beyond which it is asked in the first few rounds only."""

FEWEST = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds: the median, and the quartiles below and above it, of so many samples."""

    median: float
    lower: float
    upper: float
    samples: int


def timing(seconds: Sequence[float]) -> Timing:
    """What samples say.

    >>> timing([0.001, 0.002, 0.003, 0.004, 0.010])
    Timing(median=3.0, lower=2.0, upper=4.0, samples=5)
    """
    inner = [1000 * each for each in seconds]
    if len(inner) == 1:
        return Timing(inner[0], inner[0], inner[0], 1)
    lower, median, upper = statistics.quantiles(inner, n=4, method="inclusive")
    return Timing(median, lower, upper, len(inner))


def warmed(calls: Mapping[str, Call], wait: Wait) -> tuple[dict[str, float], dict[str, str]]:
    """Each call once: the seconds it took, or why it has no answer."""
    took: dict[str, float] = {}
    refused: dict[str, str] = {}
    for name, call in calls.items():
        start = time.perf_counter()
        try:
            call()
            wait()
        except Exception as error:  # noqa: BLE001  (a peer may fail in any way: it is told)
            refused[name] = f"{type(error).__name__}: {' '.join(str(error).split())}"
        else:
            took[name] = time.perf_counter() - start
    return took, refused


def interleaved(
    calls: Mapping[str, Call],
    first: Mapping[str, float],
    *,
    rounds: int,
    burst: int,
    wait: Wait,
    tell: Callable[[str], None],
) -> dict[str, Timing]:
    """Time the calls in rounds, each round in another order, so that none has a better time of day.

    ``first`` are the seconds of the first call: slow ones are asked in a few rounds only.
    """
    names = list(first)
    samples: dict[str, list[float]] = {name: [] for name in names}
    collecting = gc.isenabled()
    gc.freeze()  # what was there before is not looked through in every round
    gc.disable()
    try:
        for turn in range(rounds):
            shift = turn * 7 % len(names)
            for name in names[shift:] + names[:shift]:
                if turn < FEWEST or first[name] <= SLOW:
                    samples[name] += taken(calls[name], burst, wait)
            gc.collect()
            tell(f"round {turn + 1}")
    finally:
        gc.unfreeze()
        if collecting:
            gc.enable()
    return {name: timing(found) for name, found in samples.items()}


def taken(call: Call, burst: int, wait: Wait) -> list[float]:
    """Seconds of each of several calls in a row."""
    found = []
    for _ in range(burst):
        start = time.perf_counter()
        call()
        wait()
        found.append(time.perf_counter() - start)
    return found

"""Welch's test in balls: a smooth map from both samples."""

from collections.abc import Mapping, Sequence

from flint import arb, arb_mat

from mtl_reference.method import Trace


def trace(inputs: Mapping[str, arb_mat], outcome: Mapping[str, bool]) -> Trace:
    """Statistic, freedom and probability, without decisions; ZeroDivisionError off the domain."""
    del outcome
    samples = [inputs[name].entries() for name in ("first_sample", "second_sample")]
    if min(map(len, samples)) == 1:
        message = "one figure alone has no variance"
        raise ZeroDivisionError(message)
    moments = [_moments(sample) for sample in samples]
    (mean, a), (other, b) = moments
    spread = a + b
    if not spread > 0:
        message = "neither sample varies"
        raise ZeroDivisionError(message)
    statistic = (mean - other) / spread.sqrt()
    below = a * a / (len(samples[0]) - 1) + b * b / (len(samples[1]) - 1)
    freedom = spread * spread / below
    share = freedom / (freedom + statistic * statistic)
    chance = share.beta_lower(freedom / 2, arb(1) / 2, regularized=True)
    outputs = {"statistic": (statistic,), "freedom": (freedom,), "probability": (chance,)}
    return Trace(outputs=outputs)


def _moments(sample: Sequence[arb]) -> tuple[arb, arb]:
    """The mean, and the unbiased variance over the count."""
    count = len(sample)
    mean = sum(sample, arb(0)) / count
    squares = sum(((each - mean) * (each - mean) for each in sample), arb(0))
    return mean, squares / (count * (count - 1))

"""Success rate: the best mean success over the evaluations of a training run."""

from torch import Tensor

from conformance.torch_runner.measurement import Measurement, counted, fraction


def measure(successes: Tensor) -> Measurement:
    """Best share of successes (e, n), 0 or 1, over the rows; in float64."""
    rows = counted("successes", successes, 2)
    if bool(((rows != 0) & (rows != 1)).any()):
        message = "successes must be 0 or 1"
        raise ValueError(message)
    return fraction(int(rows.sum(1).max()) / rows.shape[1])

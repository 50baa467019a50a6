"""Depth errors: the means of |e| and of |e| / |depth| over the pixels that have a depth."""

from torch import Tensor

from conformance.torch_runner.measurement import Measurement, alike, measured, table


def measure(predicted_depths: Tensor, *, depths: Tensor) -> Measurement:
    """Absolute and relative error of predictions (n,) for depths (n,), 0 where there is none.

    ValueError where no pixel has a depth, for unequal lengths, NaN and infinities.
    """
    found = table("predicted_depths", predicted_depths, 1)
    exact = alike("depths", table("depths", depths, 1), len(found))
    known = exact != 0
    if not bool(known.any()):
        message = "depth_errors is undefined where no pixel has a depth"
        raise ValueError(message)
    gaps, sizes = (found - exact)[known].abs(), exact[known].abs()
    relative = float((gaps / sizes).mean())
    return measured(predicted_depths, absolute=float(gaps.mean()), relative=relative)

"""Pixel accuracy: the share of all pixels whose predicted class is the label."""

from torch import Tensor

from conformance.torch_runner.measurement import Measurement, classified, fraction


def measure(predictions: Tensor, *, labels: Tensor) -> Measurement:
    """Share of pixels (n,) that are right for labels (n,), -1 where there is none; in float64."""
    found, known = classified(predictions, labels)
    if int(found.min()) < 0:
        message = f"predictions must be classes (got {int(found.min())})"
        raise ValueError(message)
    return fraction(int((found == known).sum()) / len(known))

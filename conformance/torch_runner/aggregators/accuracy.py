"""Accuracy: the fraction of predictions that are the label."""

from torch import Tensor

from conformance.torch_runner.measurement import Measurement, classified, fraction


def measure(predictions: Tensor, *, labels: Tensor) -> Measurement:
    """Accuracy of predictions (n,) for labels (n,), -1 where there is none; in float64."""
    found, known = classified(predictions, labels)
    return fraction(int((found == known).sum()) / len(known))

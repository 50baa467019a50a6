"""Mean intersection over union, over the classes that occur."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, classified, fraction


def measure(predictions: Tensor, *, labels: Tensor) -> Measurement:
    """Mean IoU of classes (n,) for labels (n,), -1 where there is none; in float64.

    By counts of classes: no confusion matrix is made.
    """
    found, known = classified(predictions, labels)
    if int(found.min()) < 0:
        message = f"predictions must be classes (got {int(found.min())})"
        raise ValueError(message)
    classes = 1 + int(torch.maximum(found.max(), known.max()))
    both = torch.bincount(known[found == known], minlength=classes)
    either = torch.bincount(known, minlength=classes) + torch.bincount(found, minlength=classes)
    union = either - both
    shares = both[union > 0].double() / union[union > 0]
    return fraction(float(shares.mean()))

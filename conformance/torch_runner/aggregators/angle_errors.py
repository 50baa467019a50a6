"""Angle errors of surface normals: mean and median in degrees, and the share below a bound."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, alike, measured, table


def measure(
    predicted_normals: Tensor, *, true_normals: Tensor, degrees: float = 11.25
) -> Measurement:
    """Mean, median and share of the angles of predictions (n, 3) to true normals (n, 3), pooled.

    ValueError where no pixel has a true normal, for other shapes, NaN and infinities.
    """
    found = table("predicted_normals", predicted_normals, 2)
    exact = alike("true_normals", table("true_normals", true_normals, 2), len(found))
    known = exact.sum(1) != 0
    if not bool(known.any()):
        message = "angle_errors is undefined where no pixel has a normal"
        raise ValueError(message)
    products = (found[known] * exact[known]).sum(1).clamp(-1, 1)
    angles = torch.rad2deg(products.acos()).sort().values
    middle = (angles[(len(angles) - 1) // 2] + angles[len(angles) // 2]) / 2
    within = float((angles < degrees).double().mean())
    return measured(
        predicted_normals, mean=float(angles.mean()), median=float(middle), within=within
    )

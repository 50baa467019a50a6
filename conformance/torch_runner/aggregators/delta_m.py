"""Delta m: how much a method is worse or better than a baseline, averaged over criteria."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, alike, measured, table


def measure(
    values: Tensor,
    *,
    baseline: Tensor,
    lower_is_better: Tensor,
    task: Tensor,
    convention: str = "flat-drop",
) -> Measurement:
    """The change of figures (k,) against a baseline (k,), criteria grouped by ``task`` (k,).

    ValueError for a baseline of 0, unequal lengths, NaN, infinities and an unknown convention.
    """
    found = table("values", values, 1)
    base = alike("baseline", table("baseline", baseline, 1), len(found))
    lower = alike("lower_is_better", lower_is_better, len(found))
    groups = alike("task", task, len(found))
    if not bool(base.all()):
        message = f"delta_m is undefined where baseline[{int(base.abs().argmin())}] is 0"
        raise ValueError(message)
    gains = (found - base) / base * torch.where(lower, -1.0, 1.0)
    if convention == "flat-drop":
        return measured(values, delta=-float(gains.mean()))
    if convention != "grouped-gain":
        message = f"convention must be 'flat-drop' or 'grouped-gain' (got {convention!r})"
        raise ValueError(message)
    means = [gains[groups == number].mean() for number in torch.unique(groups)]
    return measured(values, delta=float(torch.stack(means).mean()))

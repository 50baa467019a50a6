"""Mean rank: the rank of each method among all, averaged over the criteria."""

import torch
from torch import Tensor

from conformance.torch_runner.measurement import Measurement, measured, table

TIES = ("ordinal", "min", "average", "max", "dense")


def measure(values: Tensor, *, lower_is_better: Tensor, ties: str = "ordinal") -> Measurement:
    """Mean ranks (methods,) of figures (methods, k), one row a method.

    ValueError for unequal lengths, NaN, infinities and an unknown rule of ties.
    """
    figures = table("values", values, 2)
    if len(lower_is_better) != figures.shape[1] or ties not in TIES:
        message = f"lower_is_better must have {figures.shape[1]} entries, ties be of {TIES}"
        raise ValueError(message)
    sided = torch.where(lower_is_better, figures, -figures)
    ranks = torch.stack([ranked(column, ties) for column in sided.T])
    return measured(values, ranks=ranks.mean(0).cpu().numpy())


def ranked(column: Tensor, ties: str) -> Tensor:
    """Ranks (methods,) of one criterion, the smallest figure first."""
    if ties == "dense":
        places: Tensor = torch.unique(column, return_inverse=True)[1].double()
        return places + 1
    before = (column[None, :] < column[:, None]).sum(1).double()
    same = column[None, :] == column[:, None]
    if ties == "ordinal":
        return before + same.tril().sum(1)
    share = {"min": 0.0, "average": 0.5, "max": 1.0}[ties]
    return before + 1 + share * (same.sum(1) - 1)

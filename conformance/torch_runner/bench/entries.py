"""How far the entries of the Gramian are off, in products of the lengths of their rows."""

from dataclasses import dataclass

import torch
from torch import Tensor

from conformance.torch_runner.passes import PIECE, products


@dataclass(frozen=True, slots=True)
class EntryError:
    """The largest |K_ij - <g_i, g_j>| / (n_i n_j): of the aggregators, and of a plain product."""

    own: float
    plain: float


def entry_error(jacobian: Tensor) -> EntryError:
    """The errors against products in float64, or in float64 blocks where that is the dtype."""
    right = torch.zeros((len(jacobian),) * 2, dtype=torch.float64, device=jacobian.device)
    for start in range(0, jacobian.shape[1], PIECE):
        wide = jacobian[:, start : start + PIECE].double()
        right += wide @ wide.T
    lengths = right.diagonal().sqrt()
    found = torch.from_numpy(products(jacobian)), (jacobian @ jacobian.T).double()
    off = [(each.to(right) - right).abs() / torch.outer(lengths, lengths) for each in found]
    return EntryError(*(float(each.max()) for each in off))

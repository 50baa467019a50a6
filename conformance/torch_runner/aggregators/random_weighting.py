"""Random loss weighting: the softmax of one standard normal draw for each task.

[LYZT22] Lin, Ye, Zhang and Tsang, Reasonable effectiveness of random weighting: a litmus test for
multi-task learning, 2022.
"""

import torch

from conformance.torch_runner.aggregation import Weighting
from conformance.torch_runner.losses import Losses, each, softmax, weighting


def weigh(
    losses: Losses, *, normals: Losses | None = None, generator: torch.Generator | None = None
) -> Weighting:
    """Weights (T,) from draws (T,), made with the generator where none are given."""
    tasks = len(each("losses", losses))
    if normals is None:
        normals = torch.randn(tasks, generator=generator, dtype=torch.float64)
    return weighting(losses, softmax(each("normals", normals, tasks)))

"""The quantities that methods take and give: what each is called, its shape, and what it means.

A shape is told in symbols: T tasks, d parameters, m entries of a representation, b samples of a
batch, M memories, P preference vectors, q vectors of a basis, n and k other counts. Whatever has
an axis "T" moves along when the tasks are renumbered, whatever is real and has an axis "d" turns
with the parameters' basis. A quantity of shape () is a plain number where it goes in, and a vector
of one number where it comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Quantity:
    """An input, an output or a random input: its shape in symbols, its kind, its meaning.

    ``kind`` is "real", "whole" (int64) or "truth" (bool).
    """

    name: str
    shape: tuple[str, ...]
    kind: str
    meaning: str


_TABLE = (
    Quantity("basis", ("q", "d"), "real", "orthonormal directions to stay away from"),
    Quantity("direction", ("d",), "real", "what is subtracted from the parameters"),
    Quantity("floors", ("T",), "real", "the least weight of each task"),
    Quantity("gradient", ("d",), "real", "gradient of the task at hand"),
    Quantity("initial_losses", ("T",), "real", "losses at the first step"),
    Quantity("jacobian", ("T", "d"), "real", "one gradient a task"),
    Quantity("kpis", ("T",), "real", "key performance indicators, strictly inside (0, 1)"),
    Quantity("layers", ("n", "2"), "whole", "half-open ranges of columns, one a layer"),
    Quantity("log_scales", ("T",), "real", "logarithm of each task's scale"),
    Quantity("log_variances", ("T",), "real", "logarithm of each task's variance"),
    Quantity("logits", ("T",), "real", "numbers whose softmax weighs the tasks"),
    Quantity("losses", ("T",), "real", "loss of each task"),
    Quantity("memory", ("M", "d"), "real", "gradients on the memories of earlier tasks"),
    Quantity("multipliers", ("M",), "real", "how far each memory pushes the gradient"),
    Quantity("normals", ("T",), "real", "one standard normal draw a task"),
    Quantity("orders", ("T", "T-1"), "whole", "for each task the others, in the order met"),
    Quantity("preference", ("T",), "real", "how much each task is preferred"),
    Quantity("preferences", ("P", "T"), "real", "vectors that part the losses into regions"),
    Quantity("previous_losses", ("T",), "real", "losses one step before"),
    Quantity("reference", ("d",), "real", "gradient on a sample of the memories"),
    Quantity("reference_losses", ("T",), "real", "losses that the losses are compared with"),
    Quantity("representation_jacobian", ("T", "m"), "real",
             "gradients by the shared representation, one row a task"),
    Quantity("representation", ("b", "m"), "real", "the shared representation, one row a sample"),
    Quantity("rotations", ("T", "r"), "real", "one rotation a task, row after row"),
    Quantity("sample", ("s",), "whole", "the tasks drawn"),
    Quantity("second_jacobian", ("T", "d"), "real", "gradients on another, independent sample"),
    Quantity("task_gradients", ("T", "d"), "real", "what each task's gradient becomes"),
    Quantity("temperatures", ("T",), "real", "temperature of each task, positive"),
    Quantity("uniforms", ("d",), "real", "one draw from (0, 1) a coordinate"),
    Quantity("value", (), "real", "value of the combined loss"),
    Quantity("weights", ("T",), "real", "weight of each task"),
)  # fmt: skip

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({each.name: each for each in _TABLE})

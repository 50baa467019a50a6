"""The quantities that methods take and give: what each is called, its shape, and what it means.

A shape is told in symbols: T tasks, d parameters, m entries of a representation, b samples of a
batch, M memories, P preference vectors, q vectors of a basis, n and k other counts. Whatever has
an axis "T" moves along when the tasks are renumbered, whatever is real and has an axis "d" turns
with the parameters' basis. A quantity of shape () is a plain number where it goes in, and a vector
of one number where it comes out. One of three axes is a list of matrices, whose widths may differ.
An axis of an output may bear a parameter's name, and has as many entries as that says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Quantity:
    """An input, an output or a random input: its shape in symbols, its kind, its meaning.

    ``kind`` is "real", "whole" (int64) or "truth" (bool). ``flat`` is True for a matrix of which
    one row may stand alone, as a vector.
    """

    name: str
    shape: tuple[str, ...]
    kind: str
    meaning: str
    flat: bool = False

    def rank(self, values: Any) -> int:  # noqa: ANN401  (of any shape)
        """The number of axes that values of this quantity have."""
        whole = hasattr(values, "__len__") and len(values) > 0
        alone = self.flat and whole and not hasattr(values[0], "__len__")
        return 1 if alone else len(self.shape)


_TABLE = (
    Quantity("absolute", (), "real", "mean absolute error"),
    Quantity("baseline", ("k",), "real",
             "figures of the method that is compared with, one a criterion"),
    Quantity("basis", ("q", "d"), "real", "orthonormal directions to stay away from"),
    Quantity("confidences", ("n",), "real", "how sure a classifier is of the positive class"),
    Quantity("cosines", ("m",), "real", "cosines of pairs of gradients"),
    Quantity("delta", (), "real", "change against the baseline, a fraction"),
    Quantity("depths", ("n",), "real", "true depths, 0 where there is none"),
    Quantity("direction", ("d",), "real", "what is subtracted from the parameters"),
    Quantity("distance", (), "real", "how far two rankings lie apart"),
    Quantity("errors", ("T",), "real", "error of each task"),
    Quantity("figure", (), "real", "a figure of merit"),
    Quantity("figures", ("n",), "real", "figures of one method over several runs"),
    Quantity("first", ("n",), "whole", "a ranking: layers, best first"),
    Quantity("first_sample", ("n",), "real", "figures of the first method"),
    Quantity("floors", ("T",), "real", "the least weight of each task"),
    Quantity("fractions", ("edges",), "real", "share of what lies in each interval"),
    Quantity("freedom", (), "real", "degrees of freedom"),
    Quantity("gradient", ("d",), "real", "gradient of the task at hand"),
    Quantity("initial_losses", ("T",), "real", "losses at the first step"),
    Quantity("jacobian", ("T", "d"), "real", "one gradient a task"),
    Quantity("kpis", ("T",), "real", "key performance indicators, strictly inside (0, 1)"),
    Quantity("labels", ("n",), "whole", "true classes, -1 where there is none"),
    Quantity("layer_gradients", ("n", "T", "d_k"), "real",
             "gradients by the parameters of each layer, a list of matrices"),
    Quantity("layers", ("n", "2"), "whole", "half-open ranges of columns, one a layer"),
    Quantity("log_scales", ("T",), "real", "logarithm of each task's scale"),
    Quantity("log_variances", ("T",), "real", "logarithm of each task's variance"),
    Quantity("logits", ("T",), "real", "numbers whose softmax weighs the tasks"),
    Quantity("losses", ("T",), "real", "loss of each task"),
    Quantity("lower_is_better", ("k",), "truth", "whether a criterion is better the lower it is"),
    Quantity("mean", (), "real", "mean angle in degrees"),
    Quantity("median", (), "real", "median angle in degrees"),
    Quantity("memory", ("M", "d"), "real", "gradients on the memories of earlier tasks"),
    Quantity("multipliers", ("M",), "real", "how far each memory pushes the gradient"),
    Quantity("normals", ("T",), "real", "one standard normal draw a task"),
    Quantity("orders", ("T", "T-1"), "whole", "for each task the others, in the order met"),
    Quantity("predicted_depths", ("n",), "real", "depths as predicted"),
    Quantity("predicted_normals", ("n", "3"), "real", "unit normals as predicted, one row a pixel"),
    Quantity("predictions", ("n",), "whole", "classes as predicted"),
    Quantity("preference", ("T",), "real", "how much each task is preferred"),
    Quantity("preferences", ("P", "T"), "real", "vectors that part the losses into regions"),
    Quantity("previous_losses", ("T",), "real", "losses one step before"),
    Quantity("probability", (), "real", "chance of so large a statistic"),
    Quantity("ranks", ("methods",), "real", "mean rank of each method, 1 being best"),
    Quantity("reference", ("d",), "real", "gradient on a sample of the memories"),
    Quantity("reference_losses", ("T",), "real", "losses that the losses are compared with"),
    Quantity("relative", (), "real", "mean relative error"),
    Quantity("representation", ("b", "m"), "real", "the shared representation, one row a sample"),
    Quantity("representation_jacobian", ("T", "m"), "real",
             "gradients by the shared representation, one row a task"),
    Quantity("rotations", ("T", "r"), "real", "one rotation a task, row after row"),
    Quantity("sample", ("s",), "whole", "the tasks drawn"),
    Quantity("scores", ("n",), "whole", "conflicts of each layer"),
    Quantity("second", ("n",), "whole", "another ranking of the same layers"),
    Quantity("second_jacobian", ("T", "d"), "real", "gradients on another, independent sample"),
    Quantity("second_sample", ("l",), "real", "figures of the second method"),
    Quantity("statistic", (), "real", "value of a test statistic"),
    Quantity("successes", ("e", "n"), "whole",
             "1 for each episode that succeeded, one row an evaluation"),
    Quantity("task", ("k",), "whole", "the task that a criterion belongs to"),
    Quantity("task_gradients", ("T", "d"), "real", "what each task's gradient becomes"),
    Quantity("temperatures", ("T",), "real", "temperature of each task, positive"),
    Quantity("true_normals", ("n", "3"), "real", "true normals, zeros where there is none"),
    Quantity("uniforms", ("d",), "real", "one draw from (0, 1) a coordinate"),
    Quantity("value", (), "real", "value of the combined loss"),
    Quantity("values", ("methods", "k"), "real",
             "one figure a method and criterion; one row alone is one method", flat=True),
    Quantity("weights", ("T",), "real", "weight of each task"),
    Quantity("within", (), "real", "share of angles below a bound"),
)  # fmt: skip

_RESULTS = (Quantity("layers", ("k",), "whole", "the layers chosen, in rank order"),)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({each.name: each for each in _TABLE})
RESULTS: Mapping[str, Quantity] = MappingProxyType(
    {**QUANTITIES, **{each.name: each for each in _RESULTS}}
)
"""The same for outputs: where a name means another thing there, as that one."""

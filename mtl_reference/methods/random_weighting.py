"""Random loss weighting: the softmax of one standard normal draw for each task.

[LYZT22] B. Lin, F. Ye, Y. Zhang, I. W. Tsang, Reasonable Effectiveness of Random Weighting: A
Litmus Test for Multi-Task Learning, 2022, section 3 (RLW). From general knowledge of the paper,
which was not re-read.

The draws are an argument, never made here. The weights are balls, refined on demand, and exactly
1/T where all draws are equal.

*Departures*
1. The paper allows any distribution of the draws; the standard normal one is what it uses by
   default.

Nothing is undefined.
"""

from mtl_reference.method import Answer, Kind, Method
from mtl_reference.transcendental import softmax
from mtl_reference.weighting import Values, for_each_task, losses_of

METHOD = Method(
    id="random_weighting",
    paper="[LYZT22] Lin et al.: Reasonable Effectiveness of Random Weighting (2022)",
    number_field="balls; Q where all draws are equal",
    inputs=("losses",),
    outputs=("weights",),
    randomness=("normals",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(losses: Values, *, normals: Values) -> Answer:
    """Weights (T,) from draws (T,); of the losses (T,) only the number is used.

    ValueError for numbers that are not finite and unequal lengths.

    >>> weights([1, 4], normals=[2, 2]).outputs["weights"]
    (1/2, 1/2)
    """
    tasks = len(losses_of(losses))
    return Answer(Kind.EXACT, {"weights": softmax(for_each_task("normals", normals, tasks))})

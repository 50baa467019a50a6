"""Uniform weighting: every loss counts once, whatever it is.

[Caruana97] R. Caruana, Multitask Learning, 1997: the plain sum of the losses, to which all other
weightings are compared.

The answer lies in Q: a vector of ones. It is told apart from the mean (weights 1/T), which some
code calls by the same name. Nothing is undefined.
"""

from flint import fmpq

from mtl_reference.enclosure import Vector
from mtl_reference.method import Answer, Kind, Method
from mtl_reference.weighting import Values, losses_of

METHOD = Method(
    id="uniform",
    paper="[Caruana97] Caruana: Multitask Learning (1997)",
    number_field="Q",
    inputs=("losses",),
    outputs=("weights",),
    degree=0,
    rows=(),
    perturbation="entries",
)


def weights(losses: Values) -> Answer:
    """A one for each of the losses (T,); ValueError where a loss is not finite.

    >>> weights([0.5, 7]).outputs["weights"]
    (1, 1)
    """
    ones: Vector = (fmpq(1),) * len(losses_of(losses))
    return Answer(Kind.EXACT, {"weights": ones})

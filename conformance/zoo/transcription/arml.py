"""ARML in numpy, by the faces of the simplex."""

from conformance.zoo.programs import Array
from conformance.zoo.transcription import mgda
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, gradient: Array) -> Outputs:
    """The main gradient and the auxiliary ones, weighed to come nearest to it."""
    tasks = len(jacobian)
    weights = tasks * mgda.answer(gradient - tasks * jacobian)["weights"]
    return {"direction": gradient + weights @ jacobian, "weights": weights}

"""FairGrad in numpy, by least squares on the unit rows."""

from conformance.zoo.equilibria import equilibrium
from conformance.zoo.programs import Array
from conformance.zoo.transcription.nash_mtl import combined
from conformance.zoo.transcription.shapes import Outputs


def answer(jacobian: Array, *, alpha: float = 1.0) -> Outputs:
    """The alpha-fair direction and its weights (T,)."""
    weights, exponent = equilibrium(jacobian, 1 / alpha, "fairgrad")
    return combined(jacobian, weights, exponent, 0.0)

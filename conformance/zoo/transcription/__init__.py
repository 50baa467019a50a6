"""A plain float64 transcription of the methods in numpy, independent of the exact reference.

It is what a careful programmer writes from the papers: rows are scaled by powers of two, every
threshold is relative to the quantities that it judges, and what is known to be zero is not
computed. At most 12 tasks where a convex program is solved. One file for each method, with
``answer(first input, *, other inputs, random inputs, params) -> Outputs``; that of a stateful
method takes ``state`` too, and returns the outputs and the next state.
"""

from conformance.zoo.transcription.served import Transcription, backend
from conformance.zoo.transcription.shapes import Orders, Outputs

__all__ = ["Orders", "Outputs", "Transcription", "backend"]

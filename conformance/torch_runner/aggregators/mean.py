"""The mean of the task gradients."""

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.gramian import summed
from conformance.torch_runner.shapes import Jacobian


def aggregate(jacobian: Jacobian) -> Aggregation:
    """(1/T) sum_i g_i of a jacobian (T, d); ValueError for NaN, infinities and wrong shapes."""
    return Aggregation(summed(jacobian, len(jacobian)))

"""Average error: the mean of the tasks' errors."""

from torch import Tensor

from conformance.torch_runner.measurement import Measurement, measured, table


def measure(errors: Tensor) -> Measurement:
    """Mean of errors (T,); ValueError for none, NaN and infinities."""
    return measured(errors, figure=float(table("errors", errors, 1).mean()))

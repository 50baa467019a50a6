"""The aggregators, each in the file of its method's name, as the function ``aggregate``.

A method that weighs losses and gives no direction has ``weigh`` in its place, and a metric
``measure``. They take the
method's inputs, random inputs and parameters under the reference's names; that of a stateful
method takes its ``state`` too, and answers with the next one.
"""

from collections.abc import Callable, Mapping

from conformance.bundled import modules as _modules
from conformance.torch_runner.aggregation import Aggregation as _Aggregation
from conformance.torch_runner.aggregation import Weighting as _Weighting
from conformance.torch_runner.measurement import Measurement as _Measurement

_MODULES = _modules(__name__)

AGGREGATORS: Mapping[str, Callable[..., _Aggregation]] = {
    name: module.aggregate for name, module in _MODULES.items() if hasattr(module, "aggregate")
}
WEIGHTINGS: Mapping[str, Callable[..., _Weighting]] = {
    name: module.weigh for name, module in _MODULES.items() if hasattr(module, "weigh")
}
METRICS: Mapping[str, Callable[..., _Measurement]] = {
    name: module.measure for name, module in _MODULES.items() if hasattr(module, "measure")
}

__all__ = ["AGGREGATORS", "METRICS", "WEIGHTINGS"]

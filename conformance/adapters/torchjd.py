"""TorchJD's aggregators as a backend, called as its users call them, defaults and all.

Conventions as TorchJD documents them: PCGrad sums over the tasks; CAGrad is the mean plus a step
on the ball, without rescaling; MGDA is Frank-Wolfe with ``epsilon=1e-3, max_iters=100``. PCGrad
draws its orders from torch's global generator, so a seed fixes them but none can be given
("seeded"). No accuracy is documented, so none is claimed: the answers are judged at working
precision. GradOPS is not offered by the library.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, final

from conformance.adapters.tensors import Array, arrays_of, library, snippet, tensor_of, version
from conformance.wire import Arrays

_NATIVE = ("float64", "float32", "bfloat16")
_FACTORED = ("float64", "float32")  # torch's svd and pinv know no bfloat16 on the CPU


@dataclass(frozen=True, slots=True)
class _Aggregator:
    """What the adapter declares of one class of TorchJD, and how it is constructed."""

    construction: str
    dtypes: tuple[str, ...]
    params: Mapping[str, float]
    outputs: tuple[str, ...] = ("direction",)
    randomness: str = "none"


_WEIGHTED = ("direction", "weights")
_AGGREGATORS: Mapping[str, _Aggregator] = {
    "cagrad": _Aggregator("CAGrad(c={c!r})", _FACTORED, {"c": 0.5}, _WEIGHTED),
    "imtl_g": _Aggregator("IMTLG()", _FACTORED, {}, _WEIGHTED),
    "mean": _Aggregator("Mean()", _NATIVE, {}),
    "mgda": _Aggregator("MGDA()", _NATIVE, {}, _WEIGHTED),
    "pcgrad": _Aggregator("PCGrad()", _NATIVE, {}, randomness="seeded"),
    "sum": _Aggregator("Sum()", _NATIVE, {}),
}
_CLASSES = {method: spec.construction.split("(")[0] for method, spec in _AGGREGATORS.items()}


def _settings(method: str, params: Mapping[str, Any]) -> dict[str, float]:
    """The parameters that the constructor takes; NotImplementedError for what it has not."""
    if method not in _AGGREGATORS:
        message = f"torchjd has no {method} (it has {', '.join(_AGGREGATORS)})"
        raise NotImplementedError(message)
    defaults = dict(_AGGREGATORS[method].params)
    asked = {name: value for name, value in params.items() if value != "none"}
    unknown = sorted(set(asked) - set(defaults))
    if unknown:
        message = f"torchjd's {_CLASSES[method]} has no parameter {unknown[0]}"
        raise NotImplementedError(message)
    return defaults | {name: float(value) for name, value in asked.items()}


@final
class TorchJD:
    """The adapter: it holds nothing, and imports the library when it is called."""

    def describe(self) -> dict[str, Any]:
        """What the library offers, in the wire's terms; ModuleNotFoundError without it."""
        return {
            "protocol": 1,
            "name": "torchjd",
            "version": version("torchjd"),
            "language": "python",
            "artifact": None,
            "methods": {
                method: {
                    "params": dict(spec.params),
                    "dtypes": list(spec.dtypes),
                    "scale": "1",
                    "randomness": spec.randomness,
                    "stateful": False,
                    "outputs": list(spec.outputs),
                    "accuracy": None,
                }
                for method, spec in _AGGREGATORS.items()
            },
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, Array],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Arrays:
        """The aggregator's direction (d,) for the jacobian (T, d), and its weights (T,)."""
        del random  # the library's orders come from torch's global generator alone
        settings = _settings(method, params)
        aggregation = library("torchjd.aggregation", "torchjd")
        aggregator = getattr(aggregation, _CLASSES[method])(**settings)
        jacobian = tensor_of(inputs)
        import_module("torch").manual_seed(seed)
        outputs = {"direction": aggregator(jacobian)}
        if "weights" in _AGGREGATORS[method].outputs:
            outputs["weights"] = aggregator.weighting(jacobian)
        return arrays_of(outputs)

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``jacobian``, ``dtype`` and ``seed``."""
        construction = _AGGREGATORS[method].construction.format(**_settings(method, params))
        imports = f"from torchjd.aggregation import {_CLASSES[method]}"
        seeded = _AGGREGATORS[method].randomness == "seeded"
        return snippet(imports, f"{construction}(matrix)", seeded=seeded)


backend = TorchJD()

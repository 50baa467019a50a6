"""conflictfree's PCGrad and IMTL-G operators as a backend, called as its users call them.

Conventions: PCGrad sums over the tasks; IMTL-G's weights sum to 1. The library says that its
PCGrad is the algorithm of Yu et al. (2020), which draws orders at random, and offers no handle on
them: the randomness is declared "uncontrolled". No accuracy is documented, so none is claimed.
Its own method, ConFIG, is no method of the reference.
"""

from collections.abc import Mapping
from typing import Any, final

from conformance.adapters.tensors import Array, arrays_of, library, snippet, tensor_of, version
from conformance.wire import Arrays

_OPERATORS = {"imtl_g": "IMTLGOperator", "pcgrad": "PCGradOperator"}
# torch.linalg.pinv knows no bfloat16 on the CPU.
_DTYPES = {
    "imtl_g": ("float64", "float32"),
    "pcgrad": ("float64", "float32", "bfloat16"),
}
_RANDOMNESS = {"imtl_g": "none", "pcgrad": "uncontrolled"}


def _operator(method: str, params: Mapping[str, Any]) -> str:
    """The name of the operator; NotImplementedError for a method or parameter it has not."""
    if method not in _OPERATORS:
        message = f"conflictfree has no {method} (it has {', '.join(_OPERATORS)})"
        raise NotImplementedError(message)
    if params:
        message = f"conflictfree's {_OPERATORS[method]} has no parameter {min(params)}"
        raise NotImplementedError(message)
    return _OPERATORS[method]


@final
class ConflictFree:
    """The adapter: it holds nothing, and imports the library when it is called."""

    def describe(self) -> dict[str, Any]:
        """What the library offers, in the wire's terms; ModuleNotFoundError without it."""
        return {
            "protocol": 1,
            "name": "conflictfree",
            "version": version("conflictfree"),
            "language": "python",
            "artifact": None,
            "methods": {
                method: {
                    "params": {},
                    "dtypes": list(_DTYPES[method]),
                    "scale": "1",
                    "randomness": _RANDOMNESS[method],
                    "stateful": False,
                    "outputs": ["direction"],
                    "accuracy": None,
                }
                for method in _OPERATORS
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
        """The operator's direction (d,) for the jacobian (T, d)."""
        del random, seed  # the library takes neither
        name = _operator(method, params)
        operators = library("conflictfree.grad_operator", "conflictfree")
        operator = getattr(operators, name)()
        return arrays_of({"direction": operator.calculate_gradient(tensor_of(inputs))})

    def snippet(self, method: str, params: Mapping[str, Any]) -> str:
        """Plain source that sets ``outputs`` from ``jacobian`` and ``dtype``."""
        name = _operator(method, params)
        imports = f"from conflictfree.grad_operator import {name}"
        return snippet(imports, f"{name}().calculate_gradient(matrix)", seeded=False)


backend = ConflictFree()

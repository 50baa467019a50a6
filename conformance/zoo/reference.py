"""The exact reference served as a backend: every answer rounded correctly to the input's dtype.

Where the definition admits a set of answers, one member is served; where it has no answer, the
reply is a refusal with the definition's reason.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast, final

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from conformance.wire import Arrays
from mtl_reference import METHODS
from mtl_reference.enclosure import Number, Vector, decide, round_float32, round_float64
from mtl_reference.method import Answer, Kind, Outputs
from mtl_reference.pairing import added, combine
from mtl_reference.rational import Jacobian, jacobian
from mtl_reference.simplex import least_distance, principal
from mtl_reference.surd import sqrt

DTYPES: Final = ("float64", "float32", "bfloat16")
TIE: Final = 0x8000  # the half of bfloat16's last place among the bits of a float32


def round_bfloat16(number: Number) -> float:
    """The nearest bfloat16, ties to even, by way of the nearest binary32.

    Midpoints of bfloat16 are binary32 numbers, so the detour errs only where it ends on one of
    them: there the exact number decides.
    """
    single = np.float32(round_float32(number))
    bits = int(single.view(np.uint32))
    low, rest = bits & ~0xFFFF, bits & 0xFFFF
    if rest == TIE and np.isfinite(single):
        beyond = decide(number - fmpq(*float(single).as_integer_ratio())) or 0
        rest += beyond if single > 0 else -beyond
    up = rest > TIE or (rest == TIE and bool(low & 0x10000))
    return float(np.uint32(low + (0x10000 if up else 0)).view(np.float32))


ROUNDINGS: Final[Mapping[str, Callable[[Number], float]]] = {
    "bfloat16": round_bfloat16,
    "float32": round_float32,
    "float64": round_float64,
}


def array_of(numbers: Sequence[Any], dtype: str) -> NDArray[Any]:
    """Exact numbers, or rows of them, as an array; bfloat16 on float32."""
    rounding = ROUNDINGS[dtype]
    rows = [
        [rounding(number) for number in row] if isinstance(row, tuple) else rounding(row)
        for row in numbers
    ]
    return np.array(rows, dtype="float32" if dtype == "bfloat16" else dtype)


def least_change(gradients: Jacobian) -> Vector:
    """The member of CAGrad's set that is nearest to the mean: its projection on {Gd >= 0}."""
    share = fmpq(1, gradients.tasks)
    gramian = gradients.gramian()
    offsets = (gramian * fmpq_mat(gradients.tasks, 1, [share] * gradients.tasks)).entries()
    multipliers = least_distance(gramian, tuple(-offset for offset in offsets))
    return gradients.combine([share + v for v in cast("Sequence[fmpq]", multipliers)])


def unit_multiple(gradients: Jacobian) -> Vector:
    """The member of IMTL-G's set with projection 1 on every row.

    It combines the rows of a basis, by K a = n on them.
    """
    gramian = gradients.gramian()
    basis: list[int] = []
    for task in range(gradients.tasks):
        if principal(gramian, [*basis, task]).rank() > len(basis):
            basis.append(task)
    inverse = principal(gramian, basis).inv()
    lengths = [sqrt(gramian[task, task]) for task in basis]
    size = len(basis)
    weights: list[Number] = [fmpq(0)] * gradients.tasks
    for i, task in enumerate(basis):
        weights[task] = added([inverse[i, j] * lengths[j] for j in range(size)])
    return combine(gradients, tuple(weights))


MEMBERS: Final[Mapping[str, Callable[[Jacobian], Vector]]] = {
    "cagrad": least_change,
    "imtl_g": unit_multiple,
}


def outputs_of(method: str, gradients: Jacobian, answer: Answer) -> Outputs:
    """The answer's outputs, a member's where it is a set; ValueError where there is no answer."""
    if answer.kind is Kind.UNDEFINED:
        message = f"{method} is undefined: {answer.reason}"
        raise ValueError(message)
    if answer.kind is Kind.SET and not answer.outputs:
        if method in MEMBERS:
            return {"direction": MEMBERS[method](gradients)}
        message = f"{method} has a set of answers: {answer.reason}"
        raise NotImplementedError(message)
    return answer.outputs


def declaration(method: str) -> dict[str, Any]:
    """What the reference declares of a method, in the wire's terms."""
    facts = METHODS[method]
    return {
        "params": {parameter.name: parameter.default for parameter in facts.parameters},
        "dtypes": list(DTYPES),
        "scale": "1",
        "randomness": "injected" if facts.randomness else "none",
        "stateful": facts.stateful,
        "outputs": list(facts.outputs),
        "accuracy": None,
    }


@final
class Reference:
    """The backend ``reference``."""

    def describe(self) -> dict[str, Any]:
        """What the reference offers, in the wire's terms."""
        return {
            "protocol": 1,
            "name": "reference",
            "version": "1",
            "language": "python",
            "artifact": None,
            "methods": {method: declaration(method) for method in METHODS},
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Arrays:
        """Correctly rounded outputs for the jacobian (T, d); ValueError as the reference raises."""
        del seed
        if method not in METHODS:
            message = f"no method {method} (there are {', '.join(METHODS)})"
            raise NotImplementedError(message)
        array = inputs["jacobian"]
        dtype = getattr(inputs, "dtypes", {}).get("jacobian", array.dtype.name)
        if dtype not in DTYPES:
            message = f"jacobian must have a dtype among {', '.join(DTYPES)} (got {dtype})"
            raise TypeError(message)
        gradients = jacobian(array.tolist())
        orders = random.get("orders") if random and METHODS[method].randomness else None
        given = {} if orders is None else {"orders": orders}
        answer = METHODS[method].direction(gradients, **params, **given)
        outputs = outputs_of(method, gradients, answer)
        arrays = {name: array_of(numbers, dtype) for name, numbers in outputs.items()}
        narrow = dict.fromkeys(arrays, dtype) if dtype == "bfloat16" else {}
        return Arrays(arrays, narrow)


backend = Reference()

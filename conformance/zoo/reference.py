"""The exact reference served as a backend: every answer rounded correctly to the input's dtype.

Where the definition admits a set of answers, one member is served; where it has no answer, the
reply is a refusal with the definition's reason.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, final

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from conformance.bundled import Bundled, Request, State
from conformance.zoo.members import MEMBERS
from mtl_reference import METHODS
from mtl_reference.enclosure import Number, decide, round_float32, round_float64
from mtl_reference.method import Answer, Kind, Output, Outputs, exact
from mtl_reference.quantities import RESULTS

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


def output_of(name: str, found: Output, dtype: str) -> NDArray[Any]:
    """An output as an array of its shape: whole numbers as int64, real ones in the dtype."""
    quantity = RESULTS[name]
    if quantity.kind == "whole":
        return np.array([int(number) for number in found], dtype=np.int64)  # type: ignore[arg-type]
    array = array_of(found, dtype)
    return array if quantity.shape else array.reshape(())


def outputs_of(asked: Request, inputs: Mapping[str, Any], answer: Answer) -> Outputs:
    """The answer's outputs, a member's where it is a set; ValueError where there is no answer."""
    method = asked.method
    if answer.kind is Kind.UNDEFINED:
        message = f"{method} is undefined: {answer.reason}"
        raise ValueError(message)
    if answer.kind is Kind.SET and not answer.outputs:
        if method not in MEMBERS:
            message = f"{method} has a set of answers: {answer.reason}"
            raise NotImplementedError(message)
        first, *others = inputs
        given = {name: inputs[name] for name in others} | dict(asked.random) | dict(asked.params)
        return MEMBERS[method](exact(first, inputs[first]), **given)
    return answer.outputs


@final
class Reference(Bundled):
    """The backend ``reference``."""

    def answer(self, asked: Request) -> tuple[dict[str, NDArray[Any]], State | None]:
        """Correctly rounded outputs; ValueError as the reference raises."""
        inputs = {name: _plain(found) for name, found in asked.inputs.items()}
        answer = METHODS[asked.method].answer(inputs, asked.random, asked.params, asked.state)
        outputs = outputs_of(asked, inputs, answer)
        return {name: output_of(name, found, asked.dtype) for name, found in outputs.items()}, (
            answer.state
        )


def _plain(found: Any) -> Any:  # noqa: ANN401  (an array, or a list of them)
    """An array as nested lists."""
    return [each.tolist() for each in found] if isinstance(found, list) else found.tolist()


backend = Reference("reference", "1", dict.fromkeys(METHODS, outputs_of))

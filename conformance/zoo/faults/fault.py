"""The record of a faulty backend, and the backend made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from numpy.typing import NDArray

from conformance.zoo.transcription import Outputs, checked, declaration


@final
@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in one method.

    ``description`` says who makes it; ``breaks`` names the laws that must catch it; ``answer``
    takes the jacobian (T, d), the method's parameters and orders; ``declares`` is what its
    description claims otherwise than the sound transcription's.
    """

    name: str
    method: str
    description: str
    breaks: tuple[str, ...]
    answer: Callable[..., Outputs]
    declares: Mapping[str, Any] = field(default_factory=dict)


@final
class Faulty:
    """The numpy transcription of one method with one fault in it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    def describe(self) -> dict[str, Any]:
        """What the backend claims: nothing tells it from a sound one."""
        method = self.fault.method
        return {
            "protocol": 1,
            "name": self.fault.name,
            "version": "1",
            "language": "python",
            "artifact": None,
            "methods": {method: declaration(method) | dict(self.fault.declares)},
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Outputs:
        """The wrong outputs for the jacobian (T, d)."""
        del seed
        if method != self.fault.method:
            message = f"no method {method} (there is {self.fault.method})"
            raise NotImplementedError(message)
        jacobian = checked(inputs)
        given = {"orders": random["orders"]} if method == "pcgrad" and random else {}
        return self.fault.answer(jacobian, **params, **given)

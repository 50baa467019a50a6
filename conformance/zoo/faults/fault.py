"""The record of a faulty backend, and the backend made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final

from numpy.typing import NDArray

from conformance.bundled import Bundled, Request, State, declaration
from conformance.zoo.transcription.served import DTYPES, called


@final
@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in one method.

    ``description`` says who makes it; ``breaks`` names the laws that must catch it; ``answer``
    is called as the sound transcription is, with the first input, and other inputs, random inputs
    and parameters by name; ``declares`` is what its description claims otherwise.
    """

    name: str
    method: str
    description: str
    breaks: tuple[str, ...]
    answer: Callable[..., Any]
    declares: Mapping[str, Any] = field(default_factory=dict)


@final
class Faulty(Bundled):
    """The numpy transcription of one method with one fault in it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name, "1", {fault.method: fault.answer}, DTYPES)
        self.fault = fault

    def describe(self) -> dict[str, Any]:
        """What the backend claims: nothing tells it from a sound one."""
        method = self.fault.method
        entry = declaration(method, self.dtypes) | dict(self.fault.declares)
        return super().describe() | {"methods": {method: entry}}

    def answer(self, asked: Request) -> tuple[Mapping[str, NDArray[Any]], State | None]:
        """The wrong outputs."""
        return called(self.fault.answer, asked)

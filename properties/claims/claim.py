"""The record of a claim: which law is said to hold of a method, when, and by which source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mtl_reference.method import ParameterValue
from properties.example import Example

Params = Mapping[str, ParameterValue]
Covers = Callable[[int, Params], bool]
Domain = Callable[[Example], bool]

STATUSES = ("holds", "fails", "open", "not-applicable")


def always(_tasks: int, _params: Params) -> bool:
    """Whatever the number of tasks and the parameters."""
    return True


def anywhere(_example: Example) -> bool:
    """Whatever the input."""
    return True


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What is claimed of a method under a law.

    ``when`` says in words what ``predicate`` decides: ``covers`` by the number of tasks and the
    parameters, ``domain`` by the example. ``families`` names the jacobians that lie in the domain
    by construction (empty: the law's own). ``floats`` is False where only the exact reference can
    be judged. A method's file leaves ``method`` empty: the table puts in the file's name.
    """

    method: str
    law: str
    status: str
    when: str
    source: str
    covers: Covers = always
    domain: Domain = anywhere
    families: tuple[str, ...] = ()
    floats: bool = True
    counterexample: Example | None = None

    def __repr__(self) -> str:
        """Short, as strategies over many claims are told in one line."""
        return f"Claim({self.method}, {self.law}, {self.status}, {self.when!r})"

    def predicate(self, example: Example) -> bool:
        """Whether the claim speaks of an example."""
        return self.covers(example.tasks, example.params) and self.domain(example)

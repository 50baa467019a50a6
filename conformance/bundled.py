"""What the bundled Python backends share: methods found by folder, described by their facts.

A backend of this kind is a folder with a file for each method that it offers. What it declares
of a method, and what it reads of a request, follow from the table of methods.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from conformance.wire import Arrays
from mtl_reference import METHODS, QUANTITIES

Function = Callable[..., Any]
State = Mapping[str, Any]

DTYPES: Final = ("float64", "float32", "bfloat16")


def modules(package: str) -> dict[str, ModuleType]:
    """The modules of a package that bear a method's name, in the order of METHODS."""
    names = {each.name for each in iter_modules(import_module(package).__path__)}
    return {name: import_module(f"{package}.{name}") for name in METHODS if name in names}


@final
@dataclass(frozen=True, slots=True)
class Request:
    """One request of a method that is offered: inputs in the method's order, and what is given.

    ``dtype`` is that of the real inputs; ``state`` that of a session, None at its first step.
    """

    method: str
    inputs: Mapping[str, Any]
    dtype: str
    random: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    state: State | None = None

    @property
    def first(self) -> Any:  # noqa: ANN401  (an array, or a list of them)
        """The input that a method's function takes by position."""
        return self.inputs[METHODS[self.method].inputs[0]]

    @property
    def others(self) -> dict[str, Any]:
        """The inputs that it takes by keyword."""
        first = METHODS[self.method].inputs[0]
        return {name: value for name, value in self.inputs.items() if name != first}

    @property
    def kept(self) -> dict[str, Any]:
        """The state as a keyword, for a method that has one."""
        return {"state": self.state} if METHODS[self.method].stateful else {}


def declaration(method: str, dtypes: tuple[str, ...] = DTYPES) -> dict[str, Any]:
    """What is declared of a method in the reference's form, in the wire's terms.

    Where no input is real none tells the dtype, and the answer is float64.
    """
    facts = METHODS[method]
    if not any(QUANTITIES[name].kind == "real" for name in facts.inputs):
        dtypes = dtypes[:1]
    return {
        "params": {parameter.name: parameter.default for parameter in facts.parameters},
        "dtypes": list(dtypes),
        "scale": "1",
        "randomness": "injected" if facts.randomness else "none",
        "stateful": facts.stateful,
        "outputs": list(facts.outputs),
        "accuracy": None,
    }


class Bundled(ABC):
    """A backend whose methods are ``functions`` by name, each in the reference's form."""

    def __init__(
        self,
        name: str,
        version: str,
        functions: Mapping[str, Function],
        dtypes: tuple[str, ...] = DTYPES,
    ) -> None:
        self.name, self.version, self.dtypes = name, version, dtypes
        self.functions = functions

    @abstractmethod
    def answer(self, asked: Request) -> tuple[Mapping[str, Any], State | None]:
        """The outputs of a request as arrays, and the state after it."""

    def describe(self) -> dict[str, Any]:
        """What the backend offers, in the wire's terms."""
        return {
            "protocol": 1,
            "name": self.name,
            "version": self.version,
            "language": "python",
            "artifact": None,
            "methods": {method: declaration(method, self.dtypes) for method in self.functions},
        }

    def evaluate(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Arrays:
        """The outputs of one step from a fresh state, in the dtype of the real inputs.

        NotImplementedError for a method, parameter or dtype that is not offered; ValueError and
        TypeError for inputs that have no answer.
        """
        return self.step(method, inputs, params, random, seed)[0]

    def open(
        self, method: str, params: Mapping[str, Any], tasks: int, size: int, dtype: str, seed: int
    ) -> "Session":
        """A session of a stateful method; NotImplementedError for any other."""
        del tasks, size, dtype
        self.offers(method, params)
        if not METHODS[method].stateful:
            message = f"{method} has no state, so no sessions"
            raise NotImplementedError(message)
        return Session(self, method, params, seed)

    def step(
        self,
        method: str,
        inputs: Mapping[str, NDArray[Any]],
        params: Mapping[str, Any],
        random: Mapping[str, Any] | None,
        seed: int,
        state: State | None = None,
    ) -> tuple[Arrays, State | None]:
        """The outputs of a step, and the state after it."""
        self.offers(method, params)
        asked = request(method, inputs, params, random, seed, state)
        if asked.dtype not in self.dtypes:
            only = ", ".join(self.dtypes)
            message = f"inputs must have a dtype among {only} (got {asked.dtype})"
            raise NotImplementedError(message)
        outputs, after = self.answer(asked)
        arrays = Arrays(outputs)
        if asked.dtype == "bfloat16":
            short = (name for name, found in arrays.items() if found.dtype == np.float32)
            arrays.dtypes |= dict.fromkeys(short, "bfloat16")
        return arrays, after

    def offers(self, method: str, params: Mapping[str, Any]) -> None:
        """Raise NotImplementedError for an unknown method or parameter, naming those there are."""
        if method not in self.functions:
            message = f"no method {method} (there are {', '.join(self.functions)})"
            raise NotImplementedError(message)
        known = [parameter.name for parameter in METHODS[method].parameters]
        unknown = sorted(set(params) - set(known))
        if unknown:
            message = f"no parameter {unknown[0]} of {method} (there are {known})"
            raise NotImplementedError(message)


@final
class Session:
    """An open session of a bundled backend: the state of its method, and where it stands."""

    def __init__(self, backend: Bundled, method: str, params: Mapping[str, Any], seed: int) -> None:
        self.backend, self.method, self.params, self.seed = backend, method, params, seed
        self.steps = 0
        self.state: State | None = None

    def step(
        self, inputs: Mapping[str, NDArray[Any]], random: Mapping[str, Any] | None = None
    ) -> Arrays:
        """The outputs of the next step; its state is kept if it has an answer."""
        seed = self.seed + self.steps
        found, self.state = self.backend.step(
            self.method, inputs, self.params, random, seed, self.state
        )
        self.steps += 1
        return found

    def close(self) -> None:
        """Forget the state."""
        self.state = None


def request(
    method: str,
    inputs: Mapping[str, NDArray[Any]],
    params: Mapping[str, Any],
    random: Mapping[str, Any] | None,
    seed: int,
    state: State | None = None,
) -> Request:
    """A request read by the names of its method; ValueError for inputs that it does not have."""
    facts = METHODS[method]
    unknown = sorted(set(inputs) - set(facts.inputs))
    if unknown or facts.inputs[0] not in inputs:
        message = f"inputs of {method} must be {', '.join(facts.inputs)} (got {', '.join(inputs)})"
        raise ValueError(message)
    kept = {name: inputs[name] for name in facts.inputs if name in inputs}
    known = {name: value for name, value in (random or {}).items() if name in facts.randomness}
    return Request(method, kept, _dtype(inputs, kept), known, params, seed, state)


def _dtype(given: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """The dtype of the first real input; TypeError for a real input that is not floating point.

    A method without real inputs works in whole numbers, whatever the dtype.
    """
    real = [name for name in inputs if QUANTITIES[name].kind == "real"]
    told = getattr(given, "dtypes", {})
    for name in real:
        for found in inputs[name] if isinstance(inputs[name], list) else [inputs[name]]:
            if not np.issubdtype(found.dtype, np.floating):
                message = f"{name} must be floating point (got {found.dtype})"
                raise TypeError(message)
    if not real:
        return "float64"
    first = inputs[real[0]]
    native = first[0] if isinstance(first, list) else first
    return str(told.get(real[0], native.dtype.name))

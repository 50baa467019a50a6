"""The base of the adapters: a library's methods as plain functions, served and quoted alike.

An adapter is a table of offers. What an offer says of its method is what the library documents.
How the library is called is told by two functions, ``make`` and ``drive``, which need numpy, torch
and the library only: the program that shows a failure quotes their source, so what it runs is
what was judged.
"""

import ast
import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module, metadata
from textwrap import dedent
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from conformance.adapters import tensors
from conformance.registry import CHECKOUT
from conformance.wire import Arrays
from mtl_reference import METHODS

Array = NDArray[Any]
Params = Mapping[str, Any]
Inputs = Mapping[str, Array]
Make = Callable[[Params, int, str], Any]
Drive = Callable[[Any, Inputs, str], Mapping[str, Any]]


@final
@dataclass(frozen=True, slots=True)
class Construction:
    """A ``make`` that only calls a class: its arguments are parameters, or the number of tasks.

    ``arguments`` is, for each keyword of the class, the name of a parameter, or "tasks".
    """

    module: str
    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, params: Params, tasks: int, dtype: str) -> Any:  # noqa: ANN401
        """The object."""
        del dtype  # it is that of the tensors that the object is given
        given = {**params, "tasks": tasks}
        found = {keyword: given[name] for keyword, name in self.arguments.items()}
        return getattr(import_module(self.module), self.name)(**found)

    def source(self, params: Params) -> list[str]:
        """The lines that set ``made``, as a user would write them."""
        given = {name: repr(value) for name, value in params.items()} | {"tasks": "tasks"}
        told = ", ".join(f"{keyword}={given[name]}" for keyword, name in self.arguments.items())
        return [f"from {self.module} import {self.name}", "", f"made = {self.name}({told})"]


def constructed(module: str, name: str, **arguments: str) -> Construction:
    """A construction, its arguments told as keywords."""
    return Construction(module, name, arguments)


@final
@dataclass(frozen=True, slots=True)
class Offer:
    """One method of a library: what is declared of it, and how the library is called.

    ``make(params, tasks, dtype)`` gives the library's object, fresh: a function, or something
    callable with a ``source(params)``, the lines that do the same. ``drive(object, inputs, dtype)``
    asks the object for one step's outputs, as tensors. ``quoted`` are the functions that they call;
    ``choices`` the only values that a parameter may have, where the library has no others;
    ``lists`` the parameters that may be one number a task; ``lacks`` the inputs of the reference
    that the library has no place for.
    """

    make: Make
    drive: Drive
    params: Params = field(default_factory=dict)
    dtypes: tuple[str, ...] = ("float64", "float32")
    scale: str = "1"
    randomness: str = "none"
    stateful: bool = False
    outputs: tuple[str, ...] = ("direction",)
    quoted: tuple[Callable[..., Any], ...] = ()
    choices: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    lists: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


@final
class Adapter:
    """A backend that serves a library; it holds nothing, and imports the library when called.

    ``version`` gives the version where the distribution's own does not tell it (a checkout).
    """

    def __init__(
        self,
        name: str,
        distribution: str,
        offers: Mapping[str, Offer],
        version: Callable[[], str] | None = None,
    ) -> None:
        self.name, self.distribution, self.offers = name, distribution, offers
        self._version = version or (lambda: _installed(distribution))

    def describe(self) -> dict[str, Any]:
        """What the library offers, in the wire's terms; ModuleNotFoundError without it."""
        version = self._version()
        tensors.seeded(0)  # torch is imported now, where starting up has its time
        return {
            "protocol": 1,
            "name": self.name,
            "version": version,
            "language": "python",
            "artifact": None,
            "methods": {
                method: _declaration(offer)
                for method, offer in self.offers.items()
                if method in METHODS
            },
        }

    def evaluate(
        self,
        method: str,
        inputs: Inputs,
        params: Params,
        random: Mapping[str, Any] | None,
        seed: int,
    ) -> Arrays:
        """The library's outputs for one step from a fresh state."""
        first = inputs[METHODS[method].inputs[0]] if method in METHODS else ()
        dtype = _dtype(method, inputs)
        return self.open(method, params, len(first), 0, dtype, seed).step(inputs, random)

    def open(
        self, method: str, params: Params, tasks: int, size: int, dtype: str, seed: int
    ) -> "Steps":
        """A fresh object of the library for a sequence of steps."""
        del size  # no library wants to know it beforehand
        settings = self._settings(method, params)
        tensors.seeded(seed)
        offer = self.offers[method]
        return Steps(method, offer, offer.make(settings, tasks, dtype))

    def snippet(self, method: str, params: Params) -> str:
        """Plain source that sets ``outputs`` from ``inputs``, ``dtype``, ``seed``, ``earlier``."""
        offer = self.offers[method]
        settings = self._settings(method, params)
        functions: list[Callable[..., Any]] = [
            tensors.tensor,
            *offer.quoted,
            offer.drive,
            tensors.seeded,
            tensors.plain,
        ]
        source = getattr(offer.make, "source", None)
        if source is not None:
            made = source(settings)
        else:
            functions.append(offer.make)
            made = [f"made = {_name(offer.make)}({settings!r}, tasks, dtype)"]
        return "\n".join([
            *_place(),
            "import numpy as np",
            "",
            *map(quotation, functions),
            "seeded(seed)",
            f"tasks = len(inputs[{METHODS[method].inputs[0]!r}])",
            *made,
            "for given in [*earlier, inputs]:",
            f"    outputs = plain({_name(offer.drive)}(made, given, dtype))",
        ])  # fmt: skip

    def _settings(self, method: str, params: Params) -> dict[str, Any]:
        """The parameters to call with; NotImplementedError for what the library has not."""
        if method not in self.offers:
            message = f"{self.name} has no {method} (it has {', '.join(self.offers)})"
            raise NotImplementedError(message)
        known = dict(self.offers[method].params)
        unknown = sorted(name for name in params.keys() - known if not _usual(method, name, params))
        if unknown:
            message = f"{self.name}'s {method} has no parameter {unknown[0]}"
            raise NotImplementedError(message)
        offer = self.offers[method]
        listed = [name for name, value in params.items() if isinstance(value, (list, tuple))]
        if wrong := sorted(set(listed) - set(offer.lists)):
            message = f"{self.name}'s {method} takes one {wrong[0]} for all tasks (got a list)"
            raise NotImplementedError(message)
        for name, allowed in offer.choices.items():
            if params.get(name, known[name]) not in allowed:
                has = " or ".join(map(str, allowed))
                message = f"{self.name}'s {method} has {name} {has} (got {params[name]})"
                raise NotImplementedError(message)
        return known | {name: value for name, value in params.items() if name in known}


# How much of an input may be given to a library that has no place for it: one layer is no parting.
_FREE = {"layers": 1, "representation": 0}


@final
@dataclass(frozen=True, slots=True)
class Steps:
    """A sequence of steps of one object of a library."""

    method: str
    offer: Offer
    made: Any

    def step(self, inputs: Inputs, random: Mapping[str, Any] | None) -> Arrays:
        """The outputs of one step."""
        del random  # the libraries draw for themselves
        if foreign := [
            name for name in self.offer.lacks if len(inputs.get(name, ())) > _FREE[name]
        ]:
            message = f"the library's {self.method} takes no {foreign[0]}"
            raise NotImplementedError(message)
        found = self.offer.drive(self.made, inputs, _dtype(self.method, inputs))
        arrays = Arrays(tensors.plain(found))
        arrays.dtypes |= {name: "bfloat16" for name in found if tensors.narrow(found[name])}
        return arrays

    def close(self) -> None:
        """Nothing is held."""


def quotation(function: Callable[..., Any]) -> str:
    """The source of a function without its annotations, which only the type checker reads."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree) + "\n"


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", ""))


def _place() -> list[str]:
    """Lines that say where the checkout lies that this process was told of."""
    if not (place := os.environ.get(CHECKOUT)):
        return []
    return ["import os", "", f"os.environ.setdefault({CHECKOUT!r}, {place!r})"]


def _declaration(offer: Offer) -> dict[str, Any]:
    return {
        "params": {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in offer.params.items()
        },
        "dtypes": list(offer.dtypes),
        "scale": offer.scale,
        "randomness": offer.randomness,
        "stateful": offer.stateful,
        "outputs": list(offer.outputs),
        "accuracy": None,
    }


def _usual(method: str, name: str, params: Params) -> bool:
    """Whether a parameter that a library lacks is asked for at the reference's default."""
    defaults = {each.name: each.default for each in METHODS[method].parameters}
    return name in defaults and params[name] == defaults[name]


def _dtype(method: str, inputs: Inputs) -> str:
    """The name of the inputs' dtype; a bfloat16 array arrives as float32 with its name beside."""
    first = METHODS[method].inputs[0] if method in METHODS else min(inputs)
    named: Mapping[str, str] = getattr(inputs, "dtypes", {})
    return named.get(first, np.asarray(inputs[first]).dtype.name)


def _installed(distribution: str) -> str:
    """The installed version of a distribution; ModuleNotFoundError says how to install it."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError as error:
        message = f"{distribution} is not installed: try pip install 'mtl-reference[peers]'"
        raise ModuleNotFoundError(message, name=distribution) from error

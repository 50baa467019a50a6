"""Exact references of multi-task gradient methods: what each method is, and why it is right."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from mtl_reference import methods
from mtl_reference.enclosure import Number, Real, Vector
from mtl_reference.method import Answer, Decision, Kind, Method, Relation, Residual, Trace
from mtl_reference.quantities import QUANTITIES, RESULTS, Quantity
from mtl_reference.rational import Jacobian, jacobian, matrix, numbers
from mtl_reference.surd import Surd, sqrt

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        name: import_module(f"mtl_reference.methods.{name}").METHOD
        for name in sorted(each.name for each in iter_modules(methods.__path__))
    }
)

__all__ = [
    "METHODS",
    "QUANTITIES",
    "RESULTS",
    "Answer",
    "Decision",
    "Jacobian",
    "Kind",
    "Method",
    "Number",
    "Quantity",
    "Real",
    "Relation",
    "Residual",
    "Surd",
    "Trace",
    "Vector",
    "jacobian",
    "matrix",
    "numbers",
    "sqrt",
]

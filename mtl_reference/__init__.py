"""Exact references of multi-task gradient methods: what each method is, and why it is right."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from mtl_reference.enclosure import Number, Real, Vector
from mtl_reference.method import Answer, Decision, Kind, Method, Relation, Residual, Trace
from mtl_reference.rational import Jacobian, jacobian
from mtl_reference.surd import Surd, sqrt

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        name: import_module(f"mtl_reference.methods.{name}").METHOD
        for name in ("cagrad", "gradops", "imtl_g", "mean", "mgda", "pcgrad", "sum")
    }
)

__all__ = [
    "METHODS",
    "Answer",
    "Decision",
    "Jacobian",
    "Kind",
    "Method",
    "Number",
    "Real",
    "Relation",
    "Residual",
    "Surd",
    "Trace",
    "Vector",
    "jacobian",
    "sqrt",
]

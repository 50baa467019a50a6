"""Exact references of multi-task gradient methods: what each method is, and why it is right."""

from collections.abc import Mapping
from types import MappingProxyType

from mtl_reference.enclosure import Number, Real, Vector
from mtl_reference.method import Answer, Decision, Kind, Method, Relation, Residual, Trace
from mtl_reference.methods import (
    cagrad,
    gradops,
    imtl_g,
    mean,
    mgda,
    pcgrad,
    sum,  # noqa: A004  (a method's name)
)
from mtl_reference.rational import Jacobian, jacobian
from mtl_reference.surd import Surd, sqrt

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "cagrad": cagrad.METHOD,
        "gradops": gradops.METHOD,
        "imtl_g": imtl_g.METHOD,
        "mean": mean.METHOD,
        "mgda": mgda.METHOD,
        "pcgrad": pcgrad.METHOD,
        "sum": sum.METHOD,
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

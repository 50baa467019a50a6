"""The aggregators, each in the file of its method's name, each a function of a jacobian."""

from collections.abc import Callable, Mapping

from conformance.torch_runner.aggregation import Aggregation as _Aggregation
from conformance.torch_runner.aggregators import cagrad as _cagrad
from conformance.torch_runner.aggregators import gradops as _gradops
from conformance.torch_runner.aggregators import imtl_g as _imtl_g
from conformance.torch_runner.aggregators import mean as _mean
from conformance.torch_runner.aggregators import mgda as _mgda
from conformance.torch_runner.aggregators import pcgrad as _pcgrad
from conformance.torch_runner.aggregators import sum as _sum

AGGREGATORS: Mapping[str, Callable[..., _Aggregation]] = {
    "cagrad": _cagrad.aggregate,
    "gradops": _gradops.aggregate,
    "imtl_g": _imtl_g.aggregate,
    "mean": _mean.aggregate,
    "mgda": _mgda.aggregate,
    "pcgrad": _pcgrad.aggregate,
    "sum": _sum.aggregate,
}

__all__ = ["AGGREGATORS"]

"""The aggregators, each in the file of its method's name, each a function of a jacobian."""

from collections.abc import Callable, Mapping

from conformance.torch_runner.aggregation import Aggregation
from conformance.torch_runner.aggregators import cagrad, gradops, imtl_g, mean, mgda, pcgrad, sum  # noqa: A004  (a method's name)

AGGREGATORS: Mapping[str, Callable[..., Aggregation]] = {
    "cagrad": cagrad.aggregate,
    "gradops": gradops.aggregate,
    "imtl_g": imtl_g.aggregate,
    "mean": mean.aggregate,
    "mgda": mgda.aggregate,
    "pcgrad": pcgrad.aggregate,
    "sum": sum.aggregate,
}

__all__ = ["AGGREGATORS"]

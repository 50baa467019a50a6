"""Timings of the torch aggregators beside installed peers and the physical limit, in one run."""

from conformance.torch_runner.bench.grid import DTYPES, SIZES, Size, size_of
from conformance.torch_runner.bench.machine import present
from conformance.torch_runner.bench.own import gramian_methods
from conformance.torch_runner.bench.page import page
from conformance.torch_runner.bench.peers import PEERS
from conformance.torch_runner.bench.run import Plan, run

__all__ = [
    "DTYPES",
    "PEERS",
    "SIZES",
    "Plan",
    "Size",
    "gramian_methods",
    "page",
    "present",
    "run",
    "size_of",
]

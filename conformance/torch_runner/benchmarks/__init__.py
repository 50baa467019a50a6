"""The papers' benchmarks, one file each."""

from collections.abc import Mapping

from conformance.torch_runner.benchmarks import multi_fashion_mnist as _multi_fashion_mnist
from conformance.torch_runner.benchmarks.benchmark import Benchmark as _Benchmark

BENCHMARKS: Mapping[str, _Benchmark] = {
    _multi_fashion_mnist.NAME: _multi_fashion_mnist.BENCHMARK,
}

__all__ = ["BENCHMARKS"]

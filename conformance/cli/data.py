"""``data``: fetch and check the data of a benchmark, or say what to put where."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from conformance.cli import console
from conformance.cli.list import benchmarks
from conformance.cli.trouble import Exit, Trouble, unknown


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the benchmark and where its data lie."""
    parser.add_argument("benchmark", metavar="BENCHMARK", help="a name from 'list benchmarks'")
    parser.add_argument("--data", type=Path, metavar="DIR", help="default: MTL_DATA, else a cache")


def run(arguments: argparse.Namespace) -> int:
    """Fetch and check; print where the data lie."""
    known_benchmark(arguments.benchmark)
    require_torch()
    from conformance.torch_runner.benchmarks.data import DataError, data_folder

    name = arguments.benchmark.replace("-", "_")
    module = import_module(f"conformance.torch_runner.benchmarks.{name}")
    try:
        path = module.fetch(data_folder(arguments.data), _say)
    except DataError as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    if arguments.json:
        console.emit({"benchmark": arguments.benchmark, "path": str(path)})
    else:
        print(path)
    return Exit.OK


def known_benchmark(name: str) -> None:
    """Refuse a benchmark that there is not."""
    known = [str(each["id"]) for each in benchmarks()]
    if name not in known:
        unknown("benchmark", name, known)


def require_torch() -> None:
    """Trouble that names the extra where torch is not installed."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        message = "torch is not installed: pip install 'mtl-reference[torch]'"
        raise Trouble(message, Exit.BROKEN)


def _say(sentence: str) -> None:
    """Tell how far it is, on stderr."""
    print(sentence, file=sys.stderr, flush=True)
